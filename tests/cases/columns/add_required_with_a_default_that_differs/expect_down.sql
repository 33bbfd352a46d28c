SELECT count(*), max(id) FROM links;
