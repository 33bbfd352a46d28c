SELECT count(*) FROM a_orders;
