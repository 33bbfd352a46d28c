-- dbtool: revision 20261111090000 parent 20261110090000
-- Add tracks
-- Drops table tracks, which the way up made, with its rows.
-- Drops column users.joined_at, which the way up made, with its values.

BEGIN;

-- dbtool: step "drop tracks"
DROP TABLE tracks;

-- dbtool: step "drop type genre"
DROP TYPE genre;

-- dbtool: step "drop users.joined_at"
ALTER TABLE users DROP COLUMN joined_at;

COMMIT;
