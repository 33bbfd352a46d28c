-- dbtool: revision 20261112090000 parent 20261111090000
-- Add genre folk
-- dbtool: look "tracks.genre has values that enum genre loses (folk)" SELECT id, genre FROM tracks WHERE genre::text IN ('folk')

BEGIN;

-- dbtool: step "values of type genre"
ALTER TYPE genre RENAME TO dbtool_old_genre_type;
CREATE TYPE genre AS ENUM ('classical', 'jazz', 'rock');
ALTER TABLE tracks ALTER COLUMN genre DROP DEFAULT;
ALTER TABLE tracks ALTER COLUMN genre TYPE genre USING genre::text::genre;
ALTER TABLE tracks ALTER COLUMN genre SET DEFAULT 'rock'::genre;
DROP TYPE dbtool_old_genre_type;

COMMIT;
