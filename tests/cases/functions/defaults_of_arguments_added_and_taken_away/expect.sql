SELECT changes(), loses, gains FROM on_top;
