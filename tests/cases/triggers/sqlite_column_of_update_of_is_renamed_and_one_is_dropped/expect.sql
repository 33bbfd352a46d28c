SELECT id, email FROM users; SELECT name FROM sqlite_schema WHERE type = 'trigger';
