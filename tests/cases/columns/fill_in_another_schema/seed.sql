INSERT INTO app.users (email) SELECT 'u' || n || '@x' || n % 3 || '.org' FROM generate_series(1, 90) AS n;
