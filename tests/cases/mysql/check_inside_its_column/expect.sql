SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = database() ORDER BY 1;
SELECT * FROM t;
