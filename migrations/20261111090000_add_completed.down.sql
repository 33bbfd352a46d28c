-- dbtool: revision 20261111090000 parent 20261110090000
-- Add completed
-- Drops column todo.completed, which the way up made, with its values.

BEGIN IMMEDIATE;

-- dbtool: step "drop todo.completed"
ALTER TABLE todo DROP COLUMN completed;

COMMIT;
