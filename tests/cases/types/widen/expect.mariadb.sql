SELECT id, short, `long`, free, amount FROM things ORDER BY id;
