SELECT constraint_name, referenced_table_name FROM information_schema.referential_constraints WHERE constraint_schema = database() ORDER BY 1;
