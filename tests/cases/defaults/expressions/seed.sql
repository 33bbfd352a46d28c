INSERT INTO things (id, made) VALUES (1, '2026-01-02 03:04:05');
