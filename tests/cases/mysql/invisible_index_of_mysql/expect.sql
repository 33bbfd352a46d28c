SELECT index_name, seq_in_index, is_visible FROM information_schema.statistics WHERE table_schema = database() AND table_name = 't' ORDER BY 1, 2;
