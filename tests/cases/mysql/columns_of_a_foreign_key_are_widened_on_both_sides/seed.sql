INSERT INTO parents VALUES (1, 'x'), (2, 'y');
INSERT INTO t VALUES (1, 1, 'y'), (2, 2, NULL);
INSERT INTO parents_of_parents VALUES (1, NULL), (2, 1);
