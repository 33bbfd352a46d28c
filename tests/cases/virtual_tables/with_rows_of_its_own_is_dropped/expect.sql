SELECT * FROM spots;
