SELECT id, email, login FROM users ORDER BY id;
