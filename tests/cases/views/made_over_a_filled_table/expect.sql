SELECT number, z_last.shown, a_first.shown FROM z_last, a_first;
