-- dbtool: revision 20261110090000
-- Create todo
-- Drops table todo, which the way up made, with its rows.

PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

-- dbtool: step "drop todo"
DROP TABLE todo;

COMMIT;
