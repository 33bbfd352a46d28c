SELECT id, description, created_at IS NOT NULL AND CAST(created_at AS varchar(20)) > '2026' AS made FROM todos ORDER BY id;
