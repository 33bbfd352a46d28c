SELECT id, code + 1 FROM things ORDER BY id;
