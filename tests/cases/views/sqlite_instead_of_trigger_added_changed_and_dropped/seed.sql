INSERT INTO seen (name) VALUES ('ada');
