-- dbtool: revision 20261111090000 parent 20261110090000
-- Add tracks
-- Drops table tracks, which the way up made, with its rows.
-- Drops column users.joined_at, which the way up made, with its values.

PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

-- dbtool: step "count rows that already point nowhere"
CREATE TEMP TABLE dbtool_violations AS SELECT (SELECT count(*) FROM pragma_foreign_key_check) AS before;

-- dbtool: step "drop users.joined_at"
ALTER TABLE users DROP COLUMN joined_at;

-- dbtool: step "drop tracks"
DROP TABLE tracks;

-- dbtool: step "foreign keys hold"
CREATE TEMP TABLE dbtool_assert (holds INTEGER CONSTRAINT foreign_keys_hold CHECK (holds));
INSERT INTO dbtool_assert SELECT (SELECT count(*) FROM pragma_foreign_key_check) <= (SELECT before FROM dbtool_violations);
DROP TABLE temp.dbtool_assert;
DROP TABLE temp.dbtool_violations;

COMMIT;
