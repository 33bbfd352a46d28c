BEGIN; INSERT INTO users VALUES (2, 'Grace', 18), (3, 'Tim', 4); TRUNCATE users; SELECT line FROM log; ROLLBACK;
