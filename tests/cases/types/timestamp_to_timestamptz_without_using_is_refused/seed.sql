INSERT INTO events (id, seen) VALUES (1, '2026-01-02 03:04:05');
