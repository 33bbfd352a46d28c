SELECT has_table_privilege('dbtool_test_reader', 'users', 'INSERT'), has_table_privilege('dbtool_test_reader', 'users', 'TRUNCATE'), has_table_privilege('dbtool_test_writer', 'users', 'DELETE');
