INSERT INTO todos (id, description) VALUES (1, 'sweep'), (2, 'mop');
