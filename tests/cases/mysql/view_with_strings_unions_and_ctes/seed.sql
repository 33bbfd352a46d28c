INSERT INTO t VALUES (1, 'x_'), (2, 'y'), (4, 'y');
