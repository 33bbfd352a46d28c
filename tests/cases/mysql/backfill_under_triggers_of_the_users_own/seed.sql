INSERT INTO t VALUES (1, 5), (2, NULL), (3, 6), (4, 7), (5, 8);
