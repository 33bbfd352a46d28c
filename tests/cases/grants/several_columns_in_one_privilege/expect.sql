SELECT has_column_privilege('dbtool_test_reader', 'users', 'id', 'SELECT'), has_column_privilege('dbtool_test_reader', 'users', 'name', 'UPDATE WITH GRANT OPTION');
