INSERT INTO others (size, title) VALUES (0, 'all');
INSERT INTO fewer (name) VALUES ('first'), ('second');
