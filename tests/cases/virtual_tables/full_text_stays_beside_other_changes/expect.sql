SELECT rowid FROM posts_fts WHERE posts_fts MATCH 'bark';
