INSERT INTO users (id, name) VALUES (1, 'Ada');
COMMENT ON VIEW seen IS 'Seen.';
