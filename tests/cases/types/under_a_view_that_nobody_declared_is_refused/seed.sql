INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b');
CREATE VIEW names AS SELECT id, upper(name) AS name FROM things;
