INSERT INTO events VALUES (1, '2026-05-05', 'May');INSERT INTO users VALUES (1, 'Ada');
