SELECT index_name, group_concat(column_name ORDER BY seq_in_index) FROM information_schema.statistics WHERE table_schema = database() AND table_name = 't' GROUP BY 1 ORDER BY 1;
SELECT * FROM t ORDER BY id;
