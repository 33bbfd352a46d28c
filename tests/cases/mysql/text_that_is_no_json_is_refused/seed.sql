INSERT INTO t VALUES (1, 'no json');
