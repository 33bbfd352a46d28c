INSERT INTO gains VALUES (1, 'x'), (2, 'y');
INSERT INTO loses VALUES (1), (2), (3);
INSERT INTO changes VALUES (1), (2), (3), (4);
INSERT INTO lists VALUES ('de'), ('us');
