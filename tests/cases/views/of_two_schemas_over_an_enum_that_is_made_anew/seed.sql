INSERT INTO todos VALUES (1, 'open'), (2, 'closed');
