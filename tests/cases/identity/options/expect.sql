SELECT id, serial FROM users ORDER BY id;
