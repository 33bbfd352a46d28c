INSERT INTO composite VALUES (1, 2), (1, 3);
INSERT INTO moves (uuid) VALUES ('abc'), ('abd');
INSERT INTO points VALUES (1, 3);
INSERT INTO gains VALUES (1, 'x'), (2, 'z');
