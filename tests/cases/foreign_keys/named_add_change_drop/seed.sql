INSERT INTO users (id) VALUES (1), (2);
INSERT INTO posts (id, author, editor, reader) VALUES (1, 1, 2, 1), (2, 2, NULL, NULL);
