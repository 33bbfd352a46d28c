INSERT INTO t VALUES (1, 1, NULL), (2, 1, 2), (3, 1, 3);
