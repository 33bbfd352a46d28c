-- dbtool: revision 20261112090000 parent 20261111090000
-- Count items, allow higher prices
-- Drops column order_items.quantity, which the way up made, with its values.
-- dbtool: look "product.price has values that do not fit numeric(8,2)" SELECT id, price FROM product WHERE abs(price::numeric) >= 1000000

BEGIN;

-- dbtool: step "drop check order_items_quantity_check"
ALTER TABLE order_items DROP CONSTRAINT order_items_quantity_check;

-- dbtool: step "drop order_items.quantity"
ALTER TABLE order_items DROP COLUMN quantity;

-- dbtool: step "type of product.price"
ALTER TABLE product ALTER COLUMN price TYPE numeric(8,2);

COMMIT;
