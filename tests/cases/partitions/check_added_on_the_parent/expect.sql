SELECT id, at, what, tableoid::regclass FROM events ORDER BY id;
