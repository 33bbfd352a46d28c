INSERT INTO seen (name) VALUES ('Ada');
