SELECT on_top.id, has_table_privilege('dbtool_test_reader', 'people', 'SELECT') FROM on_top;
