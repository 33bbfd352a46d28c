SELECT city, total, has_table_privilege('dbtool_test_reader', 'totals', 'SELECT') FROM totals ORDER BY city; SELECT count(*) FROM a_top;
