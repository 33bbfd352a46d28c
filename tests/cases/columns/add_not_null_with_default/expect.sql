SELECT id, description, state, weight FROM todos ORDER BY id;
