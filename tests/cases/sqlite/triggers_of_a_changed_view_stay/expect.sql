SELECT * FROM seen; SELECT name FROM sqlite_schema WHERE type = 'trigger';
