INSERT INTO logs (id, line) VALUES (3, 'three'), (4, NULL);
