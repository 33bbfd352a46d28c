INSERT INTO users (id, name, city) VALUES (1, 'Ada', 'London');
