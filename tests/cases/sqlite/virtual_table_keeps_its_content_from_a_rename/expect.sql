SELECT rowid, body FROM search WHERE search MATCH 'apple';
