ALTER TABLE inventory ADD COLUMN id serial PRIMARY KEY, ADD COLUMN shelf smallint;
