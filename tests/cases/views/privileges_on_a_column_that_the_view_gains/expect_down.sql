SELECT has_column_privilege('dbtool_test_reader', 'seen', 'id', 'SELECT');
