-- The old release goes on with the view.
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
ALTER TABLE public.reviews RENAME TO product_reviews;
CREATE VIEW public.reviews AS SELECT * FROM public.product_reviews;
COMMIT;
