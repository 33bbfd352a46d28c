SELECT * FROM parts;
