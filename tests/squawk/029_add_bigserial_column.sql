BEGIN;
ALTER TABLE legacy.customers ADD COLUMN row_no bigserial;
COMMIT;
