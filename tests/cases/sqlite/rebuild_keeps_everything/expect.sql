SELECT id, name, mail, age, double_age FROM users ORDER BY id;
SELECT count(*) FROM posts;
SELECT users FROM counts;
SELECT seq FROM sqlite_sequence WHERE name = 'users';
