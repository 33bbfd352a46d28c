INSERT INTO marks (pupil, mark) VALUES (1, 5), (1, 6);
