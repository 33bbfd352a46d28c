SELECT count(*) FROM other;
