SELECT * FROM things;
