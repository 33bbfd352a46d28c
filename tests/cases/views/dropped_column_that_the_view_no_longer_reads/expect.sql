SELECT on_top.id, name FROM seen, on_top;
