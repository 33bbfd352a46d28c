CREATE VIEW everybody AS SELECT id FROM users;
