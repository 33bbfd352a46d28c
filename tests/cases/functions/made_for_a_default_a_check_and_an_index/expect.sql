SELECT id, code, slug FROM users;
