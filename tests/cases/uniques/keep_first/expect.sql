SELECT id, name, city FROM users ORDER BY id;
