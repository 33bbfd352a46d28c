INSERT INTO parents VALUES (1, 2, 'x'), (3, 4, 'y');
INSERT INTO t VALUES (1, 1, 2, 'x'), (2, NULL, 4, 'y'), (3, 3, 4, NULL);
