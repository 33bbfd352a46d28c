SELECT count(*), count(DISTINCT n), min(n), max(n) FROM t;
