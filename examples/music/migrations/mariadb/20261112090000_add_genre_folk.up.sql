-- dbtool: revision 20261112090000 parent 20261111090000
-- Add genre folk
-- dbtool: slow table=tracks "copies every row into a new table, and nobody else can write meanwhile"

SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES');

-- dbtool: step "change tracks.genre"
ALTER TABLE tracks MODIFY COLUMN genre enum('classical','folk','jazz','rock') NOT NULL DEFAULT 'rock', ALGORITHM=COPY, LOCK=SHARED;
