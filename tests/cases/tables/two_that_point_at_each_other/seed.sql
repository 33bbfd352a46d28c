INSERT INTO notes (id) VALUES (7);
