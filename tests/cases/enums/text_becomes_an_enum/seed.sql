INSERT INTO todos (id, priority) VALUES (1, 'HIGH'), (2, 'low');
