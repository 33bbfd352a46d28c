INSERT INTO people VALUES (1, 'Ada'); INSERT INTO workers VALUES (2, 'Bob', 9);INSERT INTO users VALUES (1, 'Ada');
