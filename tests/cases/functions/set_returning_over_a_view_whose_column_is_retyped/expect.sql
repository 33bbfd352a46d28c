SELECT id FROM on_top; SELECT id, size FROM as_table(0);
