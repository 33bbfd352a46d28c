SELECT name, has_function_privilege('dbtool_test_reader', 'shout(text)', 'EXECUTE WITH GRANT OPTION'), has_function_privilege('public', 'shout(text)', 'EXECUTE') FROM seen;
