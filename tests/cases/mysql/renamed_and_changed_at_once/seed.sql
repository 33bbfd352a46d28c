INSERT INTO t (id, old, qty) VALUES (1, 'a', 5);
