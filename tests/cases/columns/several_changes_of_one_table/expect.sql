SELECT id, full_name, age, email FROM users ORDER BY id;
