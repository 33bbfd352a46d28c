-- dbtool: revision 20261111090000 parent 20261110090000
-- Add tracks
-- Drops table tracks, which the way up made, with its rows.
-- Drops column users.joined_at, which the way up made, with its values.

SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES');

-- dbtool: step "drop users.joined_at" contract
ALTER TABLE users DROP COLUMN joined_at, ALGORITHM=INSTANT;

-- dbtool: step "drop tracks" contract
DROP TABLE tracks;
