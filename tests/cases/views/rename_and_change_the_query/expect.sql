SELECT id FROM on_top;
