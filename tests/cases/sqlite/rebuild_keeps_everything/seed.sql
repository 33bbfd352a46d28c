INSERT INTO counts (users) VALUES (0);
INSERT INTO users (id, name, mail, age) VALUES (1, 'Ada', 'ada@x.org', 36), (2, 'Grace', NULL, 85), (9, 'gone', NULL, 1);
DELETE FROM users WHERE id = 9;
INSERT INTO posts (id, user_id) VALUES (10, 1), (11, 1), (12, 2);
