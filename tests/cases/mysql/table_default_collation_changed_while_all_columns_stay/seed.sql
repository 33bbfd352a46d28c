INSERT INTO words VALUES (1, 'Straße'), (2, 'Gasse');
