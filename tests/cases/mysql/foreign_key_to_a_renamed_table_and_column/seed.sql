INSERT INTO parents VALUES (1, 'aa');
INSERT INTO t VALUES (1, 1, 'aa');
