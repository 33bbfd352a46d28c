INSERT INTO users (id, name, city) VALUES (5, 'Ada', 'London'), (3, 'Ada', 'London'), (4, 'Ada', 'Paris'), (1, NULL, 'Rome'), (2, NULL, 'Rome');
