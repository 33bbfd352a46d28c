BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
ALTER TABLE public.products DROP COLUMN IF EXISTS old_price, DROP COLUMN IF EXISTS barcode CASCADE;
COMMIT;
