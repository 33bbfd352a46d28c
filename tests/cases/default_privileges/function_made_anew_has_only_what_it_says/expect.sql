SELECT has_function_privilege('pg_monitor', 'f()', 'EXECUTE');
