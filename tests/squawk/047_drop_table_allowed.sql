-- squawk-ignore-file ban-drop-table, require-table-schema
BEGIN;
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '10s';
-- dbtool: allow drop-table, unqualified-name reason="a copy of the rows is in the archive"
DROP TABLE old_sessions;
COMMIT;
