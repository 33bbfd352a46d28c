SELECT pupil, subject, mark FROM marks ORDER BY pupil;
