-- dbtool: revision 20261112090000 parent 20261111090000
-- Count items, allow higher prices

BEGIN;

-- dbtool: step "type of product.price"
ALTER TABLE product ALTER COLUMN price TYPE decimal(12,2);

-- dbtool: step "add order_items.quantity"
ALTER TABLE order_items ADD COLUMN quantity integer DEFAULT 1 NOT NULL;
ALTER TABLE order_items ALTER COLUMN quantity DROP DEFAULT;

-- dbtool: step "check order_items_quantity_check"
ALTER TABLE order_items ADD CONSTRAINT order_items_quantity_check CHECK (quantity > 0);

COMMIT;
