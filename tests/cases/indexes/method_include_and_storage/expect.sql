SELECT id, name, body FROM users;
