SELECT "Mixed Case", count(*) FROM "Odd name" GROUP BY 1 ORDER BY 1;
