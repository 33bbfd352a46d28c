INSERT INTO t VALUES (1, 'ä', 'ä'), (2, 'A', 'x'), (3, 'b', 'Ä'), (4, 'B ', 'y'), (5, NULL, NULL), (6, NULL, NULL);
