-- dbtool: revision 20261111090000 parent 20261110090000
-- Add completed

PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

-- dbtool: step "rebuild todo"
CREATE TABLE dbtool_new_todo (
  id integer PRIMARY KEY,
  description text NOT NULL,
  completed boolean NOT NULL
);
INSERT INTO dbtool_new_todo (id, description, completed)
SELECT id, description, FALSE
FROM todo;
PRAGMA legacy_alter_table = ON;
DROP TABLE todo;
ALTER TABLE dbtool_new_todo RENAME TO todo;
PRAGMA legacy_alter_table = OFF;

COMMIT;
