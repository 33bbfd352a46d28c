INSERT INTO things (rowid, code) VALUES ('k', 'x'), ('k', 'x'), ('k', 'q'), ('m', 'z');
