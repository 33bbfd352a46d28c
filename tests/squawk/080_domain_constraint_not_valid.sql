SET lock_timeout = '2s';
SET statement_timeout = '10s';
ALTER DOMAIN public.email_address ADD CONSTRAINT email_address_has_at CHECK (VALUE LIKE '%@%') NOT VALID;
ALTER DOMAIN public.email_address VALIDATE CONSTRAINT email_address_has_at;
