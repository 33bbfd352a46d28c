INSERT INTO countries (id, code) VALUES (1, 'CH'), (2, 'DE');
