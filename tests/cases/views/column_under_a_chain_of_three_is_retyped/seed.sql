INSERT INTO b_three VALUES (1, 7), (2, 8);
