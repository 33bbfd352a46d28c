SELECT id, login FROM users ORDER BY id;
