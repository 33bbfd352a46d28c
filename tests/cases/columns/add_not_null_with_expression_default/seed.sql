INSERT INTO todos (id) VALUES (1), (2);
