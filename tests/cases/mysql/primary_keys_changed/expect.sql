SELECT table_name, column_name, ordinal_position FROM information_schema.key_column_usage WHERE table_schema = database() AND constraint_name = 'PRIMARY' AND table_name NOT LIKE 'dbtool%' ORDER BY 1, 3;
SELECT * FROM composite ORDER BY 1, 2;
SELECT * FROM moves ORDER BY 1;
SELECT * FROM gains ORDER BY 1;
