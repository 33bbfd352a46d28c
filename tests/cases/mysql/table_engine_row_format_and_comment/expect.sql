SELECT engine, row_format, table_comment FROM information_schema.tables WHERE table_schema = database() AND table_name = 'notes';
SELECT * FROM notes ORDER BY id;
