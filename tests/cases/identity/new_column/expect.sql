SELECT count(DISTINCT id), count(*) FROM users;
