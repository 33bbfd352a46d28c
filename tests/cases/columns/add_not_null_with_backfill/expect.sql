SELECT id, description, CASE WHEN completed THEN 'done' ELSE 'open' END FROM todos ORDER BY id;
