SELECT id, a, b, a = 'EINS', hex(b), b = 'ae' FROM words ORDER BY id;
