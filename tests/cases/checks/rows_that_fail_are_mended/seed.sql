INSERT INTO products (id, price) VALUES (1, 5), (2, 0), (3, -1), (4, NULL);
