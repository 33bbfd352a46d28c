INSERT INTO tickets (user_id) VALUES (7) RETURNING number; TRUNCATE tickets;
