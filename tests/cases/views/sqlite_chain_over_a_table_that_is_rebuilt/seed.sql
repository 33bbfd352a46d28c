INSERT INTO z_base VALUES (1, '9'), (2, '9');
