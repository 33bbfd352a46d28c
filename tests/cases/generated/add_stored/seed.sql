INSERT INTO items (id, price, amount) VALUES (1, 5, 3), (2, 7, 2);
