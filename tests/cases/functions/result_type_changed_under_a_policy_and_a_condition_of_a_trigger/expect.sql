BEGIN; SET LOCAL ROLE dbtool_test_reader; SELECT id FROM users ORDER BY id; ROLLBACK;
