INSERT INTO users (name) VALUES ('next') RETURNING id;
