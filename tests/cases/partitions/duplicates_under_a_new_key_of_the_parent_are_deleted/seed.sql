INSERT INTO events VALUES (1, '2026-05-05', 'May');INSERT INTO events VALUES (1, '2026-05-05', 'May'), (1, '2020-05-05', 'Old'), (1, '2020-05-05', 'Old');
