SELECT has_table_privilege('dbtool_test_reader', 'b', 'SELECT'), id FROM b;
