BEGIN; INSERT INTO users VALUES (2, 'Grace'), (3, 'Tim'); UPDATE users SET name = upper(name) WHERE id = 1; SELECT line FROM log; ROLLBACK;
