-- dbtool: revision 20261112090000 parent 20261111090000
-- Put todos on lists
-- Drops table todo_lists, which the way up made, with its rows.
-- Drops column todo.list_id, which the way up made, with its values.

PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

-- dbtool: step "rebuild todo"
CREATE TABLE dbtool_new_todo (
  id integer PRIMARY KEY,
  description text NOT NULL,
  completed boolean NOT NULL
);
INSERT INTO dbtool_new_todo (id, description, completed)
SELECT id, description, completed
FROM todo;
PRAGMA legacy_alter_table = ON;
DROP TABLE todo;
ALTER TABLE dbtool_new_todo RENAME TO todo;
PRAGMA legacy_alter_table = OFF;

-- dbtool: step "drop todo_lists"
DROP TABLE todo_lists;

COMMIT;
