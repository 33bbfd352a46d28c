SELECT id, author, editor, reader FROM posts ORDER BY id;
