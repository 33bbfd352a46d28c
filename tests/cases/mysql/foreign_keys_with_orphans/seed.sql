INSERT INTO parents VALUES (1);
INSERT INTO deletes VALUES (1, 1), (2, 9), (3, 1);
INSERT INTO empties VALUES (1, 1), (2, 9), (3, NULL);
INSERT INTO trees VALUES (1, NULL), (2, 1), (3, 9), (4, 3), (5, 4);
