SET lock_timeout = '2s';
CREATE UNIQUE INDEX CONCURRENTLY categories_slug_key ON public.categories (slug);
ALTER TABLE public.categories ADD CONSTRAINT categories_slug_key UNIQUE USING INDEX categories_slug_key;
