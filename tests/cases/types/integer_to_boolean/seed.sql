INSERT INTO flags (id, set_) VALUES (1, 0), (2, 5);
