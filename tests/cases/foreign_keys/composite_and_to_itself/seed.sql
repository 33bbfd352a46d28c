INSERT INTO places (country, city) VALUES ('CH', 'Bern'), ('CH', 'Basel');
INSERT INTO people (id, country, city, boss) VALUES (1, 'CH', 'Bern', NULL), (2, 'CH', 'Basel', 1), (3, NULL, NULL, 3);
