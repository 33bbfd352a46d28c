INSERT INTO t (id, a, p) VALUES (1, 1, 7);
