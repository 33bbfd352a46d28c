BEGIN;
ALTER TABLE import_rows SET SCHEMA legacy;
ALTER FUNCTION old_total(integer) SET SCHEMA legacy;
COMMIT;
