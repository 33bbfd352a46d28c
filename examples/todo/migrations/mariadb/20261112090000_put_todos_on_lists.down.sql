-- dbtool: revision 20261112090000 parent 20261111090000
-- Put todos on lists
-- Drops table todo_lists, which the way up made, with its rows.
-- Drops column todo.list_id, which the way up made, with its values.
-- dbtool: slow table=todo "may write every row anew"

SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES');

-- dbtool: step "drop foreign key todo_list_id_fkey of todo"
ALTER TABLE todo DROP FOREIGN KEY todo_list_id_fkey, ALGORITHM=INPLACE, LOCK=NONE;

-- dbtool: step "drop index todo_list_id_idx"
ALTER TABLE todo DROP INDEX todo_list_id_idx, ALGORITHM=INPLACE, LOCK=NONE;

-- dbtool: step "drop todo.list_id" contract
ALTER TABLE todo DROP COLUMN list_id, ALGORITHM=INSTANT;

-- dbtool: step "drop todo_lists" contract
DROP TABLE todo_lists;
