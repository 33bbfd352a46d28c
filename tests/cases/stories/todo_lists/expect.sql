SELECT id, list_id, description, priority, CASE WHEN completed THEN 'done' ELSE 'open' END, due FROM todos ORDER BY id;
