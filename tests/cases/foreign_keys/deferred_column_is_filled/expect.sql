SELECT id, list_id FROM todos ORDER BY id;
