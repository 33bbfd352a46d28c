SELECT on_top.id, has_table_privilege('dbtool_test_reader', 'seen', 'SELECT') FROM on_top;
