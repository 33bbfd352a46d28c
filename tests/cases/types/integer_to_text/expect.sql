SELECT id, code FROM things ORDER BY id;
