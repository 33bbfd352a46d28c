INSERT INTO todos (id, due, done) VALUES (1, '2026-01-02', false), (2, '2026-01-02', true), (3, NULL, false);
