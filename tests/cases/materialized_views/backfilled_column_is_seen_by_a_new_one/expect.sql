SELECT city FROM cities ORDER BY 1;
