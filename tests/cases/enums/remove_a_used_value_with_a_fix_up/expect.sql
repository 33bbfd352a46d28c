SELECT id, priority FROM todos ORDER BY id;
