SELECT id, a, first_of(a) FROM v;
