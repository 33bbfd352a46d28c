CREATE TABLE measures (at date NOT NULL, value integer) PARTITION BY RANGE (at);
CREATE TABLE measures_2026 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';
CREATE VIEW big_measures AS SELECT * FROM measures WHERE value > 100;
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
INSERT INTO measures (at, value) VALUES ('2026-05-06', 7);
