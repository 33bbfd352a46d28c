SELECT id, mail FROM users; SELECT name FROM sqlite_schema WHERE type = 'trigger';
