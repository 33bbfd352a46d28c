-- dbtool: revision 20261112090000 parent 20261111090000
-- Count items, allow higher prices

PRAGMA foreign_keys = OFF;

BEGIN IMMEDIATE;

-- dbtool: step "count rows that already point nowhere"
CREATE TEMP TABLE dbtool_violations AS SELECT (SELECT count(*) FROM pragma_foreign_key_check) AS before;

-- dbtool: step "rebuild product"
CREATE TABLE dbtool_new_product (
  id integer PRIMARY KEY,
  name text NOT NULL,
  price decimal(12,2) NOT NULL,
  CONSTRAINT product_price_check CHECK (price > 0)
);
INSERT INTO dbtool_new_product (id, name, price)
SELECT id, name, price
FROM product;
PRAGMA legacy_alter_table = ON;
DROP TABLE product;
ALTER TABLE dbtool_new_product RENAME TO product;
PRAGMA legacy_alter_table = OFF;

-- dbtool: step "rebuild order_items"
CREATE TABLE dbtool_new_order_items (
  order_id integer NOT NULL,
  product_id integer NOT NULL,
  quantity integer NOT NULL,
  CONSTRAINT order_items_pkey PRIMARY KEY (order_id, product_id),
  CONSTRAINT order_items_quantity_check CHECK (quantity > 0),
  CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES "order" (id) ON DELETE CASCADE,
  CONSTRAINT order_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES product (id)
);
INSERT INTO dbtool_new_order_items (order_id, product_id, quantity)
SELECT order_id, product_id, 1
FROM order_items;
PRAGMA legacy_alter_table = ON;
DROP TABLE order_items;
ALTER TABLE dbtool_new_order_items RENAME TO order_items;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX order_items_product_id_idx ON order_items (product_id);

-- dbtool: step "foreign keys hold"
CREATE TEMP TABLE dbtool_assert (holds INTEGER CONSTRAINT foreign_keys_hold CHECK (holds));
INSERT INTO dbtool_assert SELECT (SELECT count(*) FROM pragma_foreign_key_check) <= (SELECT before FROM dbtool_violations);
DROP TABLE temp.dbtool_assert;
DROP TABLE temp.dbtool_violations;

COMMIT;
