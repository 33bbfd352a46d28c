SELECT id, due FROM todos ORDER BY id;
