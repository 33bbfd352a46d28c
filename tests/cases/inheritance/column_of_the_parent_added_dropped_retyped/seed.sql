INSERT INTO people VALUES (1, 'Ada', 'o', 1); INSERT INTO workers VALUES (2, 'Bob', 'o', 2, 9);
