SELECT "Mixed Case", length, count(*) FROM "Odd name" GROUP BY 1, 2 ORDER BY 1, 2;
