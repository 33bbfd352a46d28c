-- Two scripts that were put together.
START TRANSACTION;
ALTER TABLE users ADD COLUMN newsletter boolean NOT NULL DEFAULT false;
BEGIN;
UPDATE users SET newsletter = true, login_count = 0 WHERE country = 'AT';
COMMIT;
END;
