INSERT INTO parents VALUES (1, 'x');
INSERT INTO t VALUES (1, 'x');
