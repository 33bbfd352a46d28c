SELECT many, has_column_privilege('dbtool_test_reader', 'users', 'many', 'SELECT'), has_table_privilege('dbtool_test_reader', 'seen', 'SELECT') FROM seen;
