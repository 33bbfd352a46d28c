BEGIN;
INSERT INTO gains (name) VALUES ('next');
SELECT * FROM gains ORDER BY id;
SELECT * FROM loses ORDER BY id;
SELECT * FROM points ORDER BY gains_id;
ROLLBACK;
