-- dbtool: revision 20261111090000 parent 20261110090000
-- Add tracks

PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

-- dbtool: step "count rows that already point nowhere"
CREATE TEMP TABLE dbtool_violations AS SELECT (SELECT count(*) FROM pragma_foreign_key_check) AS before;

-- dbtool: step "create tracks"
CREATE TABLE tracks (
  id integer PRIMARY KEY,
  title varchar(200) NOT NULL,
  genre text NOT NULL DEFAULT 'rock',
  user_id integer NOT NULL,
  CONSTRAINT tracks_genre_check CHECK (genre IN ('classical', 'jazz', 'rock')),
  CONSTRAINT tracks_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX tracks_user_id_idx ON tracks (user_id);

-- dbtool: step "rebuild users"
CREATE TABLE dbtool_new_users (
  id integer PRIMARY KEY,
  username varchar(64),
  role_id integer,
  joined_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT users_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles (id)
);
INSERT INTO dbtool_new_users (id, username, role_id)
SELECT id, username, role_id
FROM users;
PRAGMA legacy_alter_table = ON;
DROP TABLE users;
ALTER TABLE dbtool_new_users RENAME TO users;
PRAGMA legacy_alter_table = OFF;
CREATE UNIQUE INDEX users_username_idx ON users (username);

-- dbtool: step "foreign keys hold"
CREATE TEMP TABLE dbtool_assert (holds INTEGER CONSTRAINT foreign_keys_hold CHECK (holds));
INSERT INTO dbtool_assert SELECT (SELECT count(*) FROM pragma_foreign_key_check) <= (SELECT before FROM dbtool_violations);
DROP TABLE temp.dbtool_assert;
DROP TABLE temp.dbtool_violations;

COMMIT;
