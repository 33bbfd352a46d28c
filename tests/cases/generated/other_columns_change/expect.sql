SELECT id, price, name, total FROM items;
