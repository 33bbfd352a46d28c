SELECT obj_description(oid, 'pg_proc'), has_function_privilege('dbtool_test_reader', oid, 'EXECUTE'), has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc WHERE proname = 'add';
