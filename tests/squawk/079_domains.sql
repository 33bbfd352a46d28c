CREATE DOMAIN postcode AS text CHECK (VALUE ~ '^[0-9A-Z -]+$');
CREATE DOMAIN country_code AS text NOT NULL;
CREATE DOMAIN color_name AS text;
ALTER DOMAIN email_address ADD CONSTRAINT email_address_has_at CHECK (VALUE LIKE '%@%');
ALTER DOMAIN percentage DROP DEFAULT;
DROP DOMAIN old_code;
