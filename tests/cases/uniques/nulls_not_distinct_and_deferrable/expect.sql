SELECT id, name, place FROM users ORDER BY id;
