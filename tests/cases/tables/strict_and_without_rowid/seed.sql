INSERT INTO settings (key, value) VALUES ('colour', 'blue'), ('size', NULL);
