-- dbtool: revision 20261111090000 parent 20261110090000
-- Add completed

SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES');

-- dbtool: step "add todo.completed"
ALTER TABLE todo ADD COLUMN completed tinyint(1) NOT NULL DEFAULT 0, ALGORITHM=INSTANT;

-- dbtool: step "todo.completed is required"
ALTER TABLE todo MODIFY COLUMN completed tinyint(1) NOT NULL, ALGORITHM=INSTANT;
