INSERT INTO words VALUES (1, 'Straße', 'plain', 'größer'), (2, DEFAULT, NULL, NULL);
