-- dbtool: revision 20261110090000
-- Create order and product
-- Drops table order, which the way up made, with its rows.
-- Drops table product, which the way up made, with its rows.

BEGIN;

-- dbtool: step "drop order"
DROP TABLE "order";

-- dbtool: step "drop product"
DROP TABLE product;

COMMIT;
