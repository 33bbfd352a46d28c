INSERT INTO notes VALUES ('keep me'); INSERT INTO spots VALUES (1, 0, 1);
