BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE billing.invoices ADD CONSTRAINT invoices_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders (id) NOT VALID;
COMMIT;

BEGIN;
ALTER TABLE billing.invoices VALIDATE CONSTRAINT invoices_order_id_fkey;
COMMIT;
