SELECT id, name FROM users; SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name;
