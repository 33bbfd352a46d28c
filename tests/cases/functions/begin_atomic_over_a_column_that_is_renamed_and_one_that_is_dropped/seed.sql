INSERT INTO users VALUES (1, 2, 30), (2, 3, 40);
