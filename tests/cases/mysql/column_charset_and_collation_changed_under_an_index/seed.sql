INSERT INTO words VALUES (1, 'eins', 'ä'), (2, 'zwei', 'ö');
