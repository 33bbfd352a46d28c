BEGIN;
INSERT INTO t (id) VALUES (2);
SELECT id, a, b, c, d + 0, f, hex(g), h FROM t ORDER BY id;
SELECT e > '2020-01-01' FROM t ORDER BY id;
ROLLBACK;
