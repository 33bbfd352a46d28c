BEGIN;
ALTER TYPE order_status ADD VALUE 'lost';
-- Refused: a new value cannot be used before it is committed.
UPDATE orders SET status = 'lost' WHERE note LIKE 'lost%';
COMMIT;
