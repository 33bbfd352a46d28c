SELECT shown FROM a_top ORDER BY 1; SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name;
