INSERT INTO t VALUES (1, 'household'), (2, 'blue car');
