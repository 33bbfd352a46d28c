INSERT INTO changes (id, name) VALUES (1, 'Ada');
