SELECT id, code::integer + 1 FROM things ORDER BY id;
