INSERT INTO t VALUES (1, 'a', 'c', 'x', 'keep'), (2, 'b', NULL, 'z', 'keep');
