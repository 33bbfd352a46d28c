SELECT id, name FROM seen;
