INSERT INTO gains VALUES (0, 'zero'), (5, 'five');
INSERT INTO loses (name) VALUES ('one'), ('two');
INSERT INTO points VALUES (5, 2), (0, 1);
