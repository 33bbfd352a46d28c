SELECT has_server_privilege('dbtool_test_reader', 's', 'USAGE'), (SELECT count(*) FROM m);
