INSERT INTO users (name) VALUES ('next') RETURNING id > 7;
