SELECT number, names.shown, on_top.shown FROM names, on_top;
