BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TYPE public.payment_method ADD VALUE IF NOT EXISTS 'cash';
ALTER TYPE public.shipping_method ADD VALUE IF NOT EXISTS 'pickup' BEFORE 'courier';
COMMIT;
