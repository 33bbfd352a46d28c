INSERT INTO t (id, `a"b`) VALUES (1, -5), (2, 7);
