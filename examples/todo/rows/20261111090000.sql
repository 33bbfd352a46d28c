-- Rows of the time before the lists.
INSERT INTO todo (description, completed) VALUES ('Water the plants', true);
UPDATE todo SET completed = true WHERE description = 'Buy milk';
