INSERT INTO todos (id, priority) VALUES (1, 'high');
