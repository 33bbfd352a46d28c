INSERT INTO products (id, price) VALUES (1, 1299), (2, 5025);
