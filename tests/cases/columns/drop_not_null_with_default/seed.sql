INSERT INTO users (id, role) VALUES (1, 'owner'), (2, 'reader');
