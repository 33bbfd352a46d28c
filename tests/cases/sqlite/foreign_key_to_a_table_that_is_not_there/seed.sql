PRAGMA foreign_keys = OFF; INSERT INTO parts (id, whole, name) VALUES (1, 7, NULL), (2, NULL, 'b');
