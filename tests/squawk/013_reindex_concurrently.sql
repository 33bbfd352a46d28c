SET lock_timeout = '3s';
REINDEX INDEX CONCURRENTLY orders_user_id_idx;
REINDEX (CONCURRENTLY) TABLE public.payments;
VACUUM (ANALYZE) public.payments;
