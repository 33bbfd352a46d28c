SELECT id, a, b, find_in_set('x', b) FROM t ORDER BY id;
