-- dbtool: revision 20261110090000
-- Create order and product

BEGIN IMMEDIATE;

-- dbtool: step "create order"
CREATE TABLE "order" (
  id integer PRIMARY KEY,
  status varchar(16) NOT NULL
);

-- dbtool: step "create product"
CREATE TABLE product (
  id integer PRIMARY KEY,
  name text NOT NULL,
  price decimal(8,2) NOT NULL,
  CONSTRAINT product_price_check CHECK (price > 0)
);

COMMIT;
