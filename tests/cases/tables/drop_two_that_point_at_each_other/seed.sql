INSERT INTO notes (id) VALUES (7);
INSERT INTO teams (id, lead_id) VALUES (1, NULL);
INSERT INTO people (id, team_id) VALUES (1, 1);
UPDATE teams SET lead_id = 1;
