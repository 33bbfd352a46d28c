SELECT has_table_privilege('dbtool_test_O''Hara & co', 'users', 'SELECT');
