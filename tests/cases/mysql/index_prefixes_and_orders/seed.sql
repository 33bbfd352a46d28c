INSERT INTO t VALUES (1, 'aaaa1', 'b', 'ccc1'), (2, 'aaaa2', 'b', 'ccd1');
