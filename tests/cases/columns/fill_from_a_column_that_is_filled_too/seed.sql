INSERT INTO customers VALUES (1, '1010'), (2, '2020'); INSERT INTO a_orders VALUES (1, 2), (2, 1);
