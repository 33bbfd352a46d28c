SELECT has_schema_privilege('dbtool_test_reader', 'app', 'CREATE');
