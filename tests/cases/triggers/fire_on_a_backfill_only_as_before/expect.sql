SELECT id, changes, name FROM users;
