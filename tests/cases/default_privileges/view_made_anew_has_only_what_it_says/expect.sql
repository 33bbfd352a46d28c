SELECT name, has_table_privilege('dbtool_test_reader', 'v', 'SELECT') FROM v;
