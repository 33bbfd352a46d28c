-- dbtool: revision 20261112090000 parent 20261111090000
-- Count items, allow higher prices
-- Drops column order_items.quantity, which the way up made, with its values.
-- dbtool: slow table=product "copies every row into a new table, and nobody else can write meanwhile"
-- dbtool: look "product.price has values that do not fit decimal(8,2)" SELECT id, price FROM product WHERE (price > 999999.99 OR price < -999999.99)

SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES');

BEGIN;

-- dbtool: step "no row is changed silently"
CREATE TEMPORARY TABLE dbtool_silent (holds int, CONSTRAINT `product.price has values that do not fit decimal(8,2)` CHECK (holds = 1));
INSERT INTO dbtool_silent SELECT NOT EXISTS (SELECT id, price FROM product WHERE (price > 999999.99 OR price < -999999.99));
DROP TEMPORARY TABLE dbtool_silent;

COMMIT;

-- dbtool: step "drop check order_items_quantity_check of order_items"
ALTER TABLE order_items DROP CONSTRAINT order_items_quantity_check, ALGORITHM=INSTANT;

-- dbtool: step "change product.price"
ALTER TABLE product MODIFY COLUMN price decimal(8,2) NOT NULL, ALGORITHM=COPY, LOCK=SHARED;

-- dbtool: step "drop order_items.quantity" contract
ALTER TABLE order_items DROP COLUMN quantity, ALGORITHM=INSTANT;
