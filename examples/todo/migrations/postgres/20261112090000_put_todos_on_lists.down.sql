-- dbtool: revision 20261112090000 parent 20261111090000
-- Put todos on lists
-- Drops table todo_lists, which the way up made, with its rows.
-- Drops column todo.list_id, which the way up made, with its values.

BEGIN;

-- dbtool: step "drop foreign key todo_list_id_fkey"
ALTER TABLE todo DROP CONSTRAINT todo_list_id_fkey;

-- dbtool: step "drop todo_lists"
DROP TABLE todo_lists;

-- dbtool: step "drop index todo_list_id_idx"
DROP INDEX todo_list_id_idx;

-- dbtool: step "drop todo.list_id"
ALTER TABLE todo DROP COLUMN list_id;

COMMIT;
