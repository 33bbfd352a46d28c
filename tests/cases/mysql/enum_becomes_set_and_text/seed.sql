INSERT INTO t VALUES (1, 'w', 'x', 'y'), (2, 'r', NULL, NULL);
