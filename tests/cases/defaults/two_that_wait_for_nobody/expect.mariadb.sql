SELECT city, country, `a"b` FROM t ORDER BY id;
