-- dbtool: revision 20261111090000 parent 20261110090000
-- Say what was ordered
-- Drops table order_items, which the way up made, with its rows.

PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

-- dbtool: step "drop order_items"
DROP TABLE order_items;

COMMIT;
