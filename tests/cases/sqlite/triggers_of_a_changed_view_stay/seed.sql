INSERT INTO seen (name) VALUES ('first'), ('second');
