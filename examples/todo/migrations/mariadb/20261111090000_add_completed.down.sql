-- dbtool: revision 20261111090000 parent 20261110090000
-- Add completed
-- Drops column todo.completed, which the way up made, with its values.

SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES');

-- dbtool: step "drop todo.completed" contract
ALTER TABLE todo DROP COLUMN completed, ALGORITHM=INSTANT;
