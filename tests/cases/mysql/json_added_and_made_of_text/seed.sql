INSERT INTO t VALUES (1, '{"name": "x", "n": [1, 2]}'), (2, NULL);
