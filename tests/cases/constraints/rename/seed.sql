INSERT INTO users (id, name, age, boss) VALUES (1, 'Ada', 36, NULL), (2, 'Grace', 85, 1);
