INSERT INTO t VALUES (1, 5, 'n'), (2, 7, 'ä');
