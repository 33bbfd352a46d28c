-- Nobody has seen the table that goes here.
BEGIN;
CREATE TABLE import_errors (line integer, message text);
INSERT INTO import_errors SELECT line, 'empty' FROM import_rows WHERE data = '';
DROP TABLE import_errors;
COMMIT;
