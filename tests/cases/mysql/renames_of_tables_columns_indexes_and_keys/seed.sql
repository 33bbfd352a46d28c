INSERT INTO old_parents VALUES (1, 'x');
INSERT INTO old_t (id, parent_id, amount) VALUES (1, 1, 5);
