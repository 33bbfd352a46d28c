-- dbtool: revision 20261111090000 parent 20261110090000
-- Say what was ordered

BEGIN;

-- dbtool: step "create order_items"
CREATE TABLE order_items (
  order_id integer,
  product_id integer,
  CONSTRAINT order_items_pkey PRIMARY KEY (order_id, product_id)
);

-- dbtool: step "foreign key order_items_order_id_fkey"
ALTER TABLE order_items ADD CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES "order" (id) ON DELETE CASCADE;

-- dbtool: step "foreign key order_items_product_id_fkey"
ALTER TABLE order_items ADD CONSTRAINT order_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES product (id);

-- dbtool: step "index order_items_product_id_idx"
CREATE INDEX order_items_product_id_idx ON order_items (product_id);

COMMIT;
