INSERT INTO t (id, hides, shows) VALUES (1, 2, 'y');
