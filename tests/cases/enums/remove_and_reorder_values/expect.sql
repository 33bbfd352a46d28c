SELECT id, priority, backup FROM todos ORDER BY id;
