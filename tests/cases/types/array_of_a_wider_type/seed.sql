INSERT INTO docs (id, tags, numbers) VALUES (1, '{a,b}', '{1,2}'), (2, '{}', NULL);
