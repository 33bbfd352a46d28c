SELECT total FROM seen;
