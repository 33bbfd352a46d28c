INSERT INTO posts VALUES (1, 'Dogs', 'bark');
