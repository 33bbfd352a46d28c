SELECT id, length(body) FROM t;
