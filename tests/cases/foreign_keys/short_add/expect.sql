SELECT id, user_id FROM posts ORDER BY id;
