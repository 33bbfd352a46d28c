BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE public.products ADD CONSTRAINT products_description_nn CHECK (description IS NOT NULL) NOT VALID;
COMMIT;

BEGIN;
ALTER TABLE public.products VALIDATE CONSTRAINT products_description_nn;
COMMIT;

BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE public.products ALTER COLUMN description SET NOT NULL;
ALTER TABLE public.products DROP CONSTRAINT products_description_nn;
COMMIT;
