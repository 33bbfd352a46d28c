BEGIN;
ALTER TABLE audit_log ALTER COLUMN row_id SET DATA TYPE bigint USING row_id::bigint;
ALTER TABLE payments ALTER COLUMN raw TYPE jsonb USING raw::jsonb;
ALTER TABLE inventory ALTER COLUMN quantity TYPE bigint;
COMMIT;
