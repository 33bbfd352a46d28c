SELECT size, title FROM others; SELECT name FROM fewer; SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name;
