INSERT INTO users (id, name, age, gone) VALUES (1, 'Ada', 36, 'x'), (2, NULL, 85, 'y');
