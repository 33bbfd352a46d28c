INSERT INTO todos (id, priority) VALUES (1, 'normal'), (2, 'low');
