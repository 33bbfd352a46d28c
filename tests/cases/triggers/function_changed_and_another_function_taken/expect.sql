BEGIN; UPDATE users SET name = 'x'; INSERT INTO users VALUES (2, 'x'); SELECT * FROM users ORDER BY id; ROLLBACK;
