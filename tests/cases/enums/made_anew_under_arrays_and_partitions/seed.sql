INSERT INTO users VALUES (1, '{y,z}'); INSERT INTO p VALUES (1, 'z');
