INSERT INTO people VALUES (1, 'Ada'), (2, 'Ada'); INSERT INTO workers VALUES (3, 'Ada', 9), (4, 'Bob', 9);
