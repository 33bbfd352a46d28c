INSERT INTO marks (pupil, subject, mark) VALUES (1, 'maths', 5), (2, NULL, 6);
