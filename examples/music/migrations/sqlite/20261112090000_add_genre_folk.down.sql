-- dbtool: revision 20261112090000 parent 20261111090000
-- Add genre folk
-- dbtool: look "tracks_genre_check requires genre IN ('classical', 'jazz', 'rock')" SELECT id, genre FROM tracks WHERE NOT (genre in ( 'classical' , 'jazz' , 'rock' ))

PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

-- dbtool: step "count rows that already point nowhere"
CREATE TEMP TABLE dbtool_violations AS SELECT (SELECT count(*) FROM pragma_foreign_key_check) AS before;

-- dbtool: step "rebuild tracks"
CREATE TABLE dbtool_new_tracks (
  id integer PRIMARY KEY,
  title varchar(200) NOT NULL,
  genre text NOT NULL DEFAULT 'rock',
  user_id integer NOT NULL,
  CONSTRAINT tracks_genre_check CHECK (genre IN ('classical', 'jazz', 'rock')),
  CONSTRAINT tracks_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO dbtool_new_tracks (id, title, genre, user_id)
SELECT id, title, genre, user_id
FROM tracks;
PRAGMA legacy_alter_table = ON;
DROP TABLE tracks;
ALTER TABLE dbtool_new_tracks RENAME TO tracks;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX tracks_user_id_idx ON tracks (user_id);

-- dbtool: step "foreign keys hold"
CREATE TEMP TABLE dbtool_assert (holds INTEGER CONSTRAINT foreign_keys_hold CHECK (holds));
INSERT INTO dbtool_assert SELECT (SELECT count(*) FROM pragma_foreign_key_check) <= (SELECT before FROM dbtool_violations);
DROP TABLE temp.dbtool_assert;
DROP TABLE temp.dbtool_violations;

COMMIT;
