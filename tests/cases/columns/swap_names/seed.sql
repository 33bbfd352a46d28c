INSERT INTO points (id, x, y) VALUES (1, 10, 20);
