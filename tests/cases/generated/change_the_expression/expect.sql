SELECT id, gross FROM items;
