SELECT id, country, city, boss FROM people ORDER BY id;
