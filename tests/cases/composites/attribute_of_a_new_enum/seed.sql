INSERT INTO users VALUES (1, ROW('Elm', 7));
