SELECT * FROM t;
BEGIN;
UPDATE t SET name = 'b';
SELECT added > '2020-01-01', changed > '2020-01-01', dropped FROM t;
ROLLBACK;
