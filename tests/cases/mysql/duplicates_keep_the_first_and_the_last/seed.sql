INSERT INTO first VALUES (1, 'x', 1), (2, 'X', 1), (3, 'x', NULL), (4, 'x', NULL), (5, 'y', 1);
INSERT INTO last VALUES (1, 'x'), (2, 'y'), (3, 'X'), (4, NULL), (5, NULL);
INSERT INTO pointing VALUES (1), (2);
