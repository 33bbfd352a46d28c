INSERT INTO users (id, code, name) VALUES (1, 'ada', 'Ada'), (2, 'grace', 'Grace');
