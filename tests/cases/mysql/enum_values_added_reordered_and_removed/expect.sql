SELECT * FROM t ORDER BY id;
BEGIN;
INSERT INTO t (id, added, removed) VALUES (3, 'back\\slash', 'keep'), (4, 'it''s', 'keep');
SELECT added, turned FROM t WHERE id > 2 ORDER BY id;
ROLLBACK;
