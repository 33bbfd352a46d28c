INSERT INTO todos (id, description, due) VALUES (1, 'sweep', '2026-01-02'), (2, 'mop', NULL);
