SELECT id, description, due FROM todos ORDER BY id;
