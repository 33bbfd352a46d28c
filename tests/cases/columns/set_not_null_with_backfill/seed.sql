INSERT INTO users (id, name, age) VALUES (1, 'Ada', NULL), (2, NULL, 85), (3, NULL, NULL);
