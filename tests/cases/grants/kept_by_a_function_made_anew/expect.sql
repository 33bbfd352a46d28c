SELECT has_function_privilege('pg_monitor', 'n(integer)', 'EXECUTE'), has_function_privilege('dbtool_test_reader', 'n(integer)', 'EXECUTE');
