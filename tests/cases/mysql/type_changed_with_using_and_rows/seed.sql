INSERT INTO t (price, at, flag) VALUES (199, '31.12.2025', 'y'), (5, NULL, 'n');
