SET lock_timeout = '2s';
SET statement_timeout = '10s';
-- dbtool: allow drop-table reason="nothing reads it"
-- squawk-ignore ban-drop-table
CREATE INDEX CONCURRENTLY IF NOT EXISTS reviews_user_id_idx ON public.reviews (user_id);
