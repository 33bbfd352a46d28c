SELECT * FROM added ORDER BY id;
SELECT * FROM stands;
