SELECT has_table_privilege('dbtool_test_reader', 'same', 'SELECT'), has_table_privilege('dbtool_test_reader', 'more', 'SELECT WITH GRANT OPTION');
