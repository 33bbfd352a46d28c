SELECT constraint_name FROM information_schema.table_constraints WHERE table_schema = database() AND constraint_type = 'CHECK' ORDER BY 1;
SELECT * FROM t ORDER BY id;
