SELECT id, title FROM posts;
