INSERT INTO users (id, name) VALUES (1, 'Ada'), (2, 'Grace');
INSERT INTO posts (id, user_id) VALUES (10, 1), (11, 1), (12, 2);
