INSERT INTO events VALUES (1, '2026-05-05', 'May'), (1, '2026-05-05', 'again'), (1, '2027-05-05', 'first'), (2, '2027-05-05', 'precious');
