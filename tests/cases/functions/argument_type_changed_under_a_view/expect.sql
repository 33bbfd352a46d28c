SELECT n FROM seen;
