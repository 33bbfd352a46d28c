SELECT id, name, city FROM users;
