-- dbtool: revision 20261112090000 parent 20261111090000
-- Count items, allow higher prices
-- Gives order_items.quantity its backfill in the rows that fail order_items_quantity_check: what they held is lost.
-- dbtool: slow table=product "copies every row into a new table, and nobody else can write meanwhile"
-- dbtool: slow table=order_items "copies every row into a new table, and nobody else can write meanwhile"

SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_TRANS_TABLES');

-- dbtool: step "change product.price"
ALTER TABLE product MODIFY COLUMN price decimal(12,2) NOT NULL, ALGORITHM=COPY, LOCK=SHARED;

-- dbtool: step "add order_items.quantity"
ALTER TABLE order_items ADD COLUMN quantity int NOT NULL DEFAULT 1, ALGORITHM=INSTANT;

-- dbtool: step "order_items.quantity is required"
ALTER TABLE order_items MODIFY COLUMN quantity int NOT NULL, ALGORITHM=INSTANT;

-- dbtool: step "add check order_items_quantity_check to order_items"
ALTER TABLE order_items ADD CONSTRAINT order_items_quantity_check CHECK (quantity > 0), ALGORITHM=COPY, LOCK=SHARED;
