SELECT * FROM some;
