INSERT INTO t VALUES (1, 'abc1'), (2, 'abc2'), (3, 'abd'), (4, NULL), (5, NULL), (6, 'ABC9');
