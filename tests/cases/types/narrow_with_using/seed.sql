INSERT INTO things (id, name) VALUES (1, 'short'), (2, 'far too long for ten');
