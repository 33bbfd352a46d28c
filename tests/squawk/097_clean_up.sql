-- What no release uses any more.
DROP TYPE IF EXISTS public.shipping_method;
DROP TYPE IF EXISTS public.payment_method;
ALTER TYPE public.address DROP ATTRIBUTE country;
DROP DOMAIN IF EXISTS public.old_code;
DROP SEQUENCE IF EXISTS public.ticket_number_seq;
DROP PROCEDURE IF EXISTS public.purge_carts();
DROP MATERIALIZED VIEW IF EXISTS public.product_sales;
DROP EXTENSION IF EXISTS pg_trgm;
REINDEX TABLE public.audit_log;
DROP DATABASE IF EXISTS shop_staging;
VACUUM (FULL) public.audit_log;
