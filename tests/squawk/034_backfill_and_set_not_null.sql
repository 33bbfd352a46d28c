-- Written by hand, all in one transaction.
BEGIN;
ALTER TABLE users ADD COLUMN locale text;
UPDATE users SET locale = 'de' WHERE country = 'DE';
UPDATE users SET locale = 'en' WHERE locale IS NULL;
ALTER TABLE users ALTER COLUMN locale SET NOT NULL;
COMMIT;
