SELECT city, n FROM cities;
