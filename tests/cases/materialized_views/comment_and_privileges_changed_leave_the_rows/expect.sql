SELECT count(*), has_table_privilege('dbtool_test_reader', 'ids', 'SELECT') FROM ids;
