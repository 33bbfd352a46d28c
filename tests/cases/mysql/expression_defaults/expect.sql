BEGIN;
INSERT INTO t (id) VALUES (2);
SELECT id, IF(id = 1, length(a), a), b, c, d, e, json_extract(f, '$[1]') FROM t ORDER BY id;
ROLLBACK;
