SELECT id, colour, size, weight FROM products ORDER BY id;
