INSERT INTO things (id, short, `long`, free, amount) VALUES (1, 'a', 'b', 'c', 12.25), (2, 'd', NULL, NULL, NULL);
