ALTER TABLE inventory ADD PRIMARY KEY (warehouse_id, product_id);
