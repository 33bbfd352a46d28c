SET lock_timeout = '2s';
SET statement_timeout = '10s';
-- dbtool: allow drop-columns reason="nothing reads it"
-- squawk-ignore ban-drop-columns
DO $do$
BEGIN
    IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'products' AND column_name = 'barcode') THEN
        ALTER TABLE public.products DROP COLUMN barcode;
    END IF;
END
$do$;
