INSERT INTO users (id, name) VALUES (1, 'ada'), (2, 'Ada'), (3, 'Grace'), (4, NULL), (5, NULL);
