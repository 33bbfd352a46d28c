SET lock_timeout = '2s';
SET statement_timeout = '0';

CREATE INDEX CONCURRENTLY IF NOT EXISTS payments_provider_ref_idx
    ON public.payments USING btree (provider, provider_ref)
    WHERE provider_ref IS NOT NULL;
