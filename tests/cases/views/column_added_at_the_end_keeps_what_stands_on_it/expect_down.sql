SELECT on_top.id, has_table_privilege('dbtool_test_reader', 'seen', 'SELECT') FROM seen, on_top;
