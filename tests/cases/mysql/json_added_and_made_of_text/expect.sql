SELECT id, json_extract(a, '$.n[1]'), json_extract(b, '$.id'), name FROM t ORDER BY id;
BEGIN;
INSERT INTO t (id) VALUES (3);
SELECT json_extract(b, '$[0]') FROM t WHERE id = 3;
ROLLBACK;
