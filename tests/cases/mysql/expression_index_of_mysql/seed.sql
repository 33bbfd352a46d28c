INSERT INTO t VALUES (1, 'A@b', '{"tags": [1, 2]}'), (2, 'a@B', NULL);
