SELECT * FROM v;
SELECT * FROM t;
SELECT table_name, constraint_name FROM information_schema.table_constraints WHERE table_schema = database() AND table_name NOT LIKE 'dbtool%' ORDER BY 1, 2;
