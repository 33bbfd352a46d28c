BEGIN;
SAVEPOINT before_cleaning;
DELETE FROM old_sessions WHERE data IS NULL;
RELEASE SAVEPOINT before_cleaning;
COMMIT;
ROLLBACK;
