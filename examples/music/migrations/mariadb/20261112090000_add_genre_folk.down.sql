-- dbtool: revision 20261112090000 parent 20261111090000
-- Add genre folk
-- dbtool: slow table=tracks "copies every row into a new table, and nobody else can write meanwhile"
-- dbtool: look "tracks.genre has values that do not fit enum('classical','jazz','rock')" SELECT id, genre FROM tracks WHERE genre IN ('folk')

SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES');

BEGIN;

-- dbtool: step "no row is changed silently"
CREATE TEMPORARY TABLE dbtool_silent (holds int, CONSTRAINT `tracks.genre has values that do not fit enum('classical','jazz',` CHECK (holds = 1));
INSERT INTO dbtool_silent SELECT NOT EXISTS (SELECT id, genre FROM tracks WHERE genre IN ('folk'));
DROP TEMPORARY TABLE dbtool_silent;

COMMIT;

-- dbtool: step "change tracks.genre"
ALTER TABLE tracks MODIFY COLUMN genre enum('classical','jazz','rock') NOT NULL DEFAULT 'rock', ALGORITHM=COPY, LOCK=SHARED;
