BEGIN;
CREATE UNIQUE INDEX inventory_key ON inventory (warehouse_id, product_id);
ALTER TABLE inventory REPLICA IDENTITY USING INDEX inventory_key;
ALTER TYPE address ADD ATTRIBUTE region text;
-- Refused: ALTER SYSTEM cannot run inside a transaction block.
ALTER SYSTEM SET wal_level = 'logical';
COMMIT;
