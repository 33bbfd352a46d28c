-- dbtool: allow drop-colum reason="it was empty"
-- squawk-ignore ban-drop-colum
ALTER TABLE public.users ADD COLUMN nickname text;
