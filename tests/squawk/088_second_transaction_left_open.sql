BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
ALTER TABLE public.warehouses ADD COLUMN closed date;
COMMIT;

START TRANSACTION;
UPDATE public.warehouses SET closed = '2024-12-31' WHERE name = 'Linz';
