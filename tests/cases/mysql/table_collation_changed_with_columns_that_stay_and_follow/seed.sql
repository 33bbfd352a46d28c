INSERT INTO words VALUES (1, 'ä', 'Ö', 'ü', 'b');
