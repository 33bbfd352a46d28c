INSERT INTO counters (id, hits) VALUES (1, 5), (2, 7);
