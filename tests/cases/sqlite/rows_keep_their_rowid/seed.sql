INSERT INTO things (rowid, code) VALUES (3, 'three'), (7, 'seven');
