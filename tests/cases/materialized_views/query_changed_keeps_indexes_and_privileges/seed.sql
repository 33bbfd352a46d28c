INSERT INTO sales VALUES (1, 'Rome', 3), (2, 'Rome', 4), (3, 'Oslo', 5);
