INSERT INTO things (id, code) VALUES (1, 'a'), (2, 'A');
