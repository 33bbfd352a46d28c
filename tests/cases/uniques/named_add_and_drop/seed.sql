INSERT INTO users (id, name, city) VALUES (1, 'Ada', 'London'), (2, 'Ada', 'Paris'), (3, NULL, NULL);
