INSERT INTO items (id, price, gross) VALUES (1, 5, 99);
