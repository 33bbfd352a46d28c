INSERT INTO order_items (order_id, product_id) VALUES (1, 1), (2, 1), (2, 2);
