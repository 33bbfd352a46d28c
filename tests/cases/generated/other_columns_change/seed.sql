INSERT INTO items (id, price, name) VALUES (1, 5, 'five');
