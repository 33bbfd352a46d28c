SELECT id, code FROM countries ORDER BY id;
