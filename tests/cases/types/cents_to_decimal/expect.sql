SELECT id, price FROM products ORDER BY id;
