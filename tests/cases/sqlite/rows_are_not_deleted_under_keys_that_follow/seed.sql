INSERT INTO people (id, name) VALUES (1, 'Ada'), (2, 'Ada'); INSERT INTO letters (id, person) VALUES (1, 2);
