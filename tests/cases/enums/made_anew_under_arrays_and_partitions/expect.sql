SELECT * FROM users, p;
