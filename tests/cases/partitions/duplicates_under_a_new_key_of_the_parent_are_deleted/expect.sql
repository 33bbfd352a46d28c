SELECT * FROM events ORDER BY at;
