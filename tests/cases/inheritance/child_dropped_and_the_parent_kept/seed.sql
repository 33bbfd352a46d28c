INSERT INTO people VALUES (1, 'Ada'); INSERT INTO workers VALUES (2, 'Bob', 9);
