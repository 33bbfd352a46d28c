SELECT index_name, seq_in_index, column_name, sub_part, collation FROM information_schema.statistics WHERE table_schema = database() AND table_name = 't' ORDER BY 1, 2;
