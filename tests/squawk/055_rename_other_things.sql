ALTER INDEX orders_created_at_idx RENAME TO orders_by_age_idx;
ALTER TABLE orders RENAME CONSTRAINT orders_total_check TO orders_total_not_negative;
ALTER TYPE address RENAME ATTRIBUTE postcode TO zip;
ALTER VIEW active_users RENAME COLUMN email TO mail;
ALTER TYPE shipping_method RENAME TO delivery_method;
ALTER TYPE order_status RENAME VALUE 'cancelled' TO 'canceled';
