SELECT id, line FROM logs ORDER BY id;
