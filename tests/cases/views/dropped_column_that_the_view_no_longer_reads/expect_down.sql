SELECT count(*) FROM seen;
