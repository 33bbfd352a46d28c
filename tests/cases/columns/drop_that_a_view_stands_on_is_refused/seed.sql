CREATE VIEW everybody AS SELECT name FROM users;
