INSERT INTO todos (id) VALUES (1);
