-- dbtool: revision 20261112090000 parent 20261111090000
-- Put todos on lists

PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

-- dbtool: step "count rows that already point nowhere"
CREATE TEMP TABLE dbtool_violations AS SELECT (SELECT count(*) FROM pragma_foreign_key_check) AS before;

-- dbtool: step "create todo_lists"
CREATE TABLE todo_lists (
  id integer PRIMARY KEY,
  name varchar(64) NOT NULL,
  CONSTRAINT todo_lists_name_key UNIQUE (name)
);

-- dbtool: step "a list for the todos that are there"
INSERT INTO todo_lists (name) VALUES ('Default');

-- dbtool: step "rebuild todo"
CREATE TABLE dbtool_new_todo (
  id integer PRIMARY KEY,
  description text NOT NULL,
  completed boolean NOT NULL,
  list_id integer NOT NULL,
  CONSTRAINT todo_list_id_fkey FOREIGN KEY (list_id) REFERENCES todo_lists (id) ON DELETE CASCADE
);
INSERT INTO dbtool_new_todo (id, description, completed, list_id)
SELECT id, description, completed, (SELECT id FROM todo_lists WHERE name = 'Default')
FROM todo;
PRAGMA legacy_alter_table = ON;
DROP TABLE todo;
ALTER TABLE dbtool_new_todo RENAME TO todo;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX todo_list_id_idx ON todo (list_id);

-- dbtool: step "foreign keys hold"
CREATE TEMP TABLE dbtool_assert (holds INTEGER CONSTRAINT foreign_keys_hold CHECK (holds));
INSERT INTO dbtool_assert SELECT (SELECT count(*) FROM pragma_foreign_key_check) <= (SELECT before FROM dbtool_violations);
DROP TABLE temp.dbtool_assert;
DROP TABLE temp.dbtool_violations;

COMMIT;
