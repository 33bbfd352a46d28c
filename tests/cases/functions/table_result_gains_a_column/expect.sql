SELECT id FROM seen;
