SELECT id, description FROM todos ORDER BY id;
