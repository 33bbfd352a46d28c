INSERT INTO users (id, name) VALUES (1, 'Ada'), (3, 'Ada'), (2, 'Ada'), (4, 'Grace');
