SELECT id, code, name FROM users ORDER BY id;
