INSERT INTO products (id, price, stock) VALUES (1, 5, 100), (2, 5000, NULL);
