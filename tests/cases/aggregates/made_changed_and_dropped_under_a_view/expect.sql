SELECT total, has_function_privilege('dbtool_test_reader', 'total(integer)', 'EXECUTE'), has_function_privilege('public', 'total(integer)', 'EXECUTE') FROM seen;
