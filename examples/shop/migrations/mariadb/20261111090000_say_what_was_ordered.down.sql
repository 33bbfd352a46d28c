-- dbtool: revision 20261111090000 parent 20261110090000
-- Say what was ordered
-- Drops table order_items, which the way up made, with its rows.

-- dbtool: step "drop order_items" contract
DROP TABLE order_items;
