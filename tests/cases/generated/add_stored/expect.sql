SELECT id, total FROM items ORDER BY id;
