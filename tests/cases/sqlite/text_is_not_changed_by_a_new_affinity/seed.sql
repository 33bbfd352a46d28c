INSERT INTO things (id, code, body) VALUES (1, '007', x'00ff'), (2, '1e5', NULL);
