INSERT INTO products (id) VALUES (1), (2);
