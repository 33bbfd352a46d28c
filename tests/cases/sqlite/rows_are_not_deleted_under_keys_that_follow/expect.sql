SELECT * FROM people; SELECT * FROM letters;
