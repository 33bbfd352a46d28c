INSERT INTO prices VALUES (1, 1, 100), (1, 2, 90), (2, 2, 80);
