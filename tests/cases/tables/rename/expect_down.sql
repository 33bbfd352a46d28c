SELECT users.name, count(*) FROM users JOIN posts ON posts.user_id = users.id GROUP BY users.name ORDER BY users.name;
