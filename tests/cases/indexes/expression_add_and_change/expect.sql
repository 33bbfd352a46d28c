SELECT id, first, last FROM users;
