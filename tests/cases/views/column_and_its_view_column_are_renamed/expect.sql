SELECT * FROM on_top;
