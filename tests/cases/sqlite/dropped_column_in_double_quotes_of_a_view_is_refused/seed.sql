INSERT INTO things (id, gone) VALUES (1, 'secret');
