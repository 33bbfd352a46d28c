-- dbtool: revision 20261110090000
-- Create todo
-- Drops table todo, which the way up made, with its rows.

-- dbtool: step "drop todo" contract
DROP TABLE todo;
