-- Rows of today.
INSERT INTO todo_lists (name) VALUES ('Garden');
INSERT INTO todo (description, completed, list_id) SELECT 'Plant a tree', false, id FROM todo_lists WHERE name = 'Garden';
