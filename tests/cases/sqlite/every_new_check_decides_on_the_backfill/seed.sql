INSERT INTO things (id, size) VALUES (1, -1), (2, 500), (3, NULL), (4, 7);
