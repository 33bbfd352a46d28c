INSERT INTO users (id) VALUES (3), (4);
INSERT INTO posts (id) VALUES (1), (2);
