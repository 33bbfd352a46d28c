SET lock_timeout = '1s';
SET statement_timeout = '5s';
ALTER TABLE public.users ADD COLUMN IF NOT EXISTS preferences jsonb;
COMMENT ON COLUMN public.users.preferences IS 'What the user has chosen in the shop.';
