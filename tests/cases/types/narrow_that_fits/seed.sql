INSERT INTO things (id, name, size) VALUES (1, 'short', 3), (2, NULL, NULL);
