SELECT count(*) FROM on_top;
