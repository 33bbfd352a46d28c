-- dbtool: revision 20261111090000 parent 20261110090000
-- Say what was ordered

BEGIN IMMEDIATE;

-- dbtool: step "create order_items"
CREATE TABLE order_items (
  order_id integer NOT NULL,
  product_id integer NOT NULL,
  CONSTRAINT order_items_pkey PRIMARY KEY (order_id, product_id),
  CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES "order" (id) ON DELETE CASCADE,
  CONSTRAINT order_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES product (id)
);
CREATE INDEX order_items_product_id_idx ON order_items (product_id);

COMMIT;
