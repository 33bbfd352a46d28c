SELECT * FROM t ORDER BY id;
BEGIN;
UPDATE t SET name = 'b' WHERE id = 1;
SELECT updated_at > '2020-01-01', changed > '2020-01-01' FROM t WHERE id = 1;
ROLLBACK;
