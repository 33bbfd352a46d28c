INSERT INTO product (name, price) VALUES ('Lamp', 39.90);
INSERT INTO order_items (order_id, product_id, quantity) VALUES (1, 2, 4), (1, 3, 2);
