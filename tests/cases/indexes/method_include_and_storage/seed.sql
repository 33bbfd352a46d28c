INSERT INTO users (id, name, body) VALUES (1, 'Ada', '{"a": 1}');
