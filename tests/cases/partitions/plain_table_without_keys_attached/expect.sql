SELECT * FROM e2026; SELECT count(*) FROM events;
