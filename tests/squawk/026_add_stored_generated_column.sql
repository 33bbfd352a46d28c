ALTER TABLE order_items ADD COLUMN line_total numeric GENERATED ALWAYS AS (quantity * unit_price) STORED;
