INSERT INTO t VALUES (1, 'drop'), (2, 'new'), (3, 'keep');
