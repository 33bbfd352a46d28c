INSERT INTO events VALUES (1, '2026-05-05', 'May');
INSERT INTO events VALUES (2, '2027-05-05', 'x');
