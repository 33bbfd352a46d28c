INSERT INTO prices (product, country, price) VALUES (1, 'CH', 5), (2, 'CH', 6);
