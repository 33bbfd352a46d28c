SELECT pupil, mark FROM marks ORDER BY mark;
