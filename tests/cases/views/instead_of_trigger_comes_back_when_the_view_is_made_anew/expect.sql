INSERT INTO seen (shown) VALUES ('grace'); SELECT name FROM users ORDER BY id; DELETE FROM users WHERE name = 'GRACE';
