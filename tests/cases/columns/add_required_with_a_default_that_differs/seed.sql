INSERT INTO links (target) SELECT 'https://x.org/' || n FROM generate_series(1, 300) AS n;
