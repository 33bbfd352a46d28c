SELECT id, user_id, editor_id FROM posts ORDER BY id;
