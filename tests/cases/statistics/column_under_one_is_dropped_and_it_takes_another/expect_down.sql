SELECT id, a, b, c FROM users;
