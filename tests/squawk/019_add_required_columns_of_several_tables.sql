BEGIN;
SELECT set_config('lock_timeout', '2s', true);
ALTER TABLE public.payments ADD COLUMN currency text NOT NULL, ADD COLUMN fee numeric(12, 2) NOT NULL DEFAULT 0;
ALTER TABLE billing.invoices ADD COLUMN due_on date NOT NULL;
COMMIT;
