INSERT INTO t VALUES (1, 'r', 'x,y'), (2, DEFAULT, NULL), (3, '', 'x,y,z');
