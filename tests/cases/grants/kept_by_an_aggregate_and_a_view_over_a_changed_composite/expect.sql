SELECT has_function_privilege('pg_monitor', 'mk(integer)', 'EXECUTE');
