INSERT INTO users (id, mail, age) VALUES (1, 'ada@x.org', 36), (2, NULL, 85);
