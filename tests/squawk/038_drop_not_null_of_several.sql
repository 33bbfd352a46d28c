BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
ALTER TABLE public.payments
    ALTER COLUMN provider DROP NOT NULL,
    ALTER COLUMN state DROP NOT NULL,
    ALTER COLUMN state SET DEFAULT 'open';
COMMIT;
