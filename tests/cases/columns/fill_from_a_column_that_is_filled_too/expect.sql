SELECT o.id, o.region, c.path FROM a_orders AS o JOIN customers AS c ON c.id = o.customer_id ORDER BY o.id;
