INSERT INTO users (id, name) VALUES (1, 'Ada'), (2, 'Grace');
INSERT INTO posts (id, user_id, title) VALUES (1, 1, 'Engines'), (2, 2, 'Compilers');
