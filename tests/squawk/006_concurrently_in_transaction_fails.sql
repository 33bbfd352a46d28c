BEGIN;
ALTER TABLE reviews ADD COLUMN language text;
-- Refused: CREATE INDEX CONCURRENTLY cannot run inside a transaction block.
CREATE INDEX CONCURRENTLY reviews_language_idx ON reviews (language);
COMMIT;
