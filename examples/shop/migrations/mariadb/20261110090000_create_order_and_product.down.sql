-- dbtool: revision 20261110090000
-- Create order and product
-- Drops table order, which the way up made, with its rows.
-- Drops table product, which the way up made, with its rows.

-- dbtool: step "drop order" contract
DROP TABLE `order`;

-- dbtool: step "drop product" contract
DROP TABLE product;
