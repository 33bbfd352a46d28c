BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '1min';
DROP VIEW IF EXISTS public.active_users;
CREATE OR REPLACE VIEW public.order_totals AS
    SELECT user_id, sum(total) AS total FROM public.orders WHERE status <> 'cancelled' GROUP BY user_id;
ALTER VIEW public.order_totals SET (security_barrier = true);
ALTER MATERIALIZED VIEW public.product_sales RENAME TO sales_of_products;
REFRESH MATERIALIZED VIEW public.sales_of_products;
COMMIT;
