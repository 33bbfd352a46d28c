SET lock_timeout = '2s';
SET statement_timeout = '10s';
-- dbtool: allow drop-column reason="no release since March reads it"
-- squawk-ignore ban-drop-column
ALTER TABLE public.users DROP COLUMN phone;
