SELECT id, price, stock FROM products ORDER BY id;
