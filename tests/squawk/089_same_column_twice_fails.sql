BEGIN;
UPDATE products SET stock = 0, updated_at = now(), stock = stock - 1 WHERE stock < 0;
COMMIT;
