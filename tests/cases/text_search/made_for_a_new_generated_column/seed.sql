INSERT INTO users VALUES (1, 'Running dogs');
