INSERT INTO users (id, name, place) VALUES (1, 'Ada', 1), (2, NULL, 2);
