SELECT id, a, b, c FROM t ORDER BY id;
