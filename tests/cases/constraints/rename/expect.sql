SELECT id, name, age, boss FROM users ORDER BY id;
