SELECT has_table_privilege('dbtool_test_reader', 'shouts', 'SELECT WITH GRANT OPTION'), has_column_privilege('dbtool_test_reader', 'names', 'name', 'UPDATE'), (SELECT count(*) FROM shouts);
