SELECT on_top.id FROM on_top;
