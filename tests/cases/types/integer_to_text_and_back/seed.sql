INSERT INTO things (id, code) VALUES (1, 12), (2, -3);
