INSERT INTO events VALUES (1, '2026-05-05', 'May');
