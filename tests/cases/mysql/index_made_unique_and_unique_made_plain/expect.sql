SELECT index_name, non_unique FROM information_schema.statistics WHERE table_schema = database() AND table_name = 't' AND seq_in_index = 1 ORDER BY 1;
SELECT * FROM t ORDER BY id;
