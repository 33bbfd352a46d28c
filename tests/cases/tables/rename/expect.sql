SELECT people.name, count(*) FROM people JOIN posts ON posts.user_id = people.id GROUP BY people.name ORDER BY people.name;
