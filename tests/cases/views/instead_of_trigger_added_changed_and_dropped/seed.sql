INSERT INTO seen (shown) VALUES ('ada');
