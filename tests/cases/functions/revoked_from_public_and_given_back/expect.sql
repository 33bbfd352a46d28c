SELECT proname, has_function_privilege('public', oid, 'EXECUTE'), has_function_privilege('dbtool_test_reader', oid, 'EXECUTE') FROM pg_proc WHERE proname IN ('closes', 'opens', 'tidy') ORDER BY 1;
