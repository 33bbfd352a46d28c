BEGIN;
DROP VIEW order_totals;
ALTER TABLE orders ALTER COLUMN total TYPE numeric(14, 2);
CREATE VIEW order_totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;
COMMIT;
ALTER TABLE users ALTER COLUMN last_seen TYPE timestamptz USING last_seen AT TIME ZONE 'UTC';
