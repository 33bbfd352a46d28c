INSERT INTO t (a) VALUES ('z');
SELECT id > 1, a FROM t ORDER BY a;
