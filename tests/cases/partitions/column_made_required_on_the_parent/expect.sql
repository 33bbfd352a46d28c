SELECT id, what FROM events ORDER BY id;
