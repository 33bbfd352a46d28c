-- dbtool: revision 20261111090000 parent 20261110090000
-- Say what was ordered

-- dbtool: step "create order_items"
CREATE TABLE order_items (
  order_id int NOT NULL,
  product_id int NOT NULL,
  PRIMARY KEY (order_id, product_id),
  KEY order_items_product_id_idx (product_id),
  CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES `order` (id) ON DELETE CASCADE,
  CONSTRAINT order_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES product (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
