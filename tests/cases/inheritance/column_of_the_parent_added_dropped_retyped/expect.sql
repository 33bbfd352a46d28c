SELECT id, name, n FROM people ORDER BY id; SELECT id, wage FROM workers;
