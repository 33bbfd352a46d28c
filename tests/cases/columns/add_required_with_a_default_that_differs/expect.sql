SELECT count(*), count(DISTINCT public_id), count(seen), count(DISTINCT seen) > 1 FROM links;
