SELECT id, code FROM users;
