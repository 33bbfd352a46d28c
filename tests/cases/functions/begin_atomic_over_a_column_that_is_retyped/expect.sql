SELECT total, has_function_privilege('dbtool_test_reader', 'total()', 'EXECUTE'), has_function_privilege('public', 'total()', 'EXECUTE') FROM seen;
