INSERT INTO users VALUES (1, 'dbtool_test_reader'), (2, 'x');
