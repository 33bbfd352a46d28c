SELECT id, user_id, owner_id FROM posts ORDER BY id;
