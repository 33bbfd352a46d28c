SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = database() AND table_name = 't' ORDER BY 1;
SELECT * FROM t ORDER BY id;
