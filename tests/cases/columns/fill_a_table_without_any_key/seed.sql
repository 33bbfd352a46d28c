INSERT INTO "Odd name" ("Mixed Case", note) SELECT CASE WHEN n % 2 = 0 THEN 'kept' END, CASE WHEN n % 3 = 0 THEN 'third' END FROM generate_series(1, 600) AS n;
