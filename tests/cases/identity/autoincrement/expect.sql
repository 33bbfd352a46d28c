SELECT id, name FROM users ORDER BY id;
SELECT seq FROM sqlite_sequence WHERE name = 'users';
