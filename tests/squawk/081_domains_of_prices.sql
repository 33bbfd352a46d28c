BEGIN;
CREATE DOMAIN price AS numeric(10, 2) DEFAULT 0 CONSTRAINT price_not_negative CHECK (VALUE >= 0);
ALTER TABLE products ADD COLUMN lowest_price price;
ALTER DOMAIN percentage SET DEFAULT 10;
ALTER DOMAIN percentage DROP NOT NULL;
ALTER DOMAIN old_code DROP CONSTRAINT old_code_length;
ALTER DOMAIN old_code ADD CONSTRAINT old_code_length CHECK (length(VALUE) <= 20);
COMMIT;
