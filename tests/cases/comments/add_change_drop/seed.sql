INSERT INTO users (id, name, mail, age) VALUES (1, 'Ada', 'ada@x.org', 36);
