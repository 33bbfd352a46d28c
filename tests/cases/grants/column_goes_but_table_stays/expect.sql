SELECT has_table_privilege('dbtool_test_reader', 'users', 'SELECT');
