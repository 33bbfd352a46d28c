INSERT INTO bookings (id, during) VALUES (1, '[2026-01-01,2026-01-05)'), (2, '[2026-01-05,2026-01-09)');
