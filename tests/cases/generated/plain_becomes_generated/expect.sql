SELECT id, price, gross FROM items;
