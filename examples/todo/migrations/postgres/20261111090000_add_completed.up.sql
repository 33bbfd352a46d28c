-- dbtool: revision 20261111090000 parent 20261110090000
-- Add completed

BEGIN;

-- dbtool: step "add todo.completed"
ALTER TABLE todo ADD COLUMN completed boolean DEFAULT false NOT NULL;
ALTER TABLE todo ALTER COLUMN completed DROP DEFAULT;

COMMIT;
