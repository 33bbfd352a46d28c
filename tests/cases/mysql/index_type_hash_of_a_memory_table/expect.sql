SELECT * FROM t;
SELECT index_name, index_type FROM information_schema.statistics WHERE table_schema = database() AND table_name = 't' ORDER BY 1;
