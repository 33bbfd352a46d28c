INSERT INTO todos (id, due) VALUES (1, '2026-01-02');
