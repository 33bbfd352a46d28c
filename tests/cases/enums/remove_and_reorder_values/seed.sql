INSERT INTO todos (id, priority, backup) VALUES (1, 'high', NULL), (2, 'low', 'high');
