SELECT id FROM on_top; SELECT name FROM sqlite_schema WHERE type = 'trigger';
