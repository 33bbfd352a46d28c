SELECT table_comment FROM information_schema.tables WHERE table_schema = database() AND table_name IN ('t', 'made') ORDER BY table_name;
SELECT column_comment FROM information_schema.columns WHERE table_schema = database() AND table_name = 't' ORDER BY column_name;
SELECT DISTINCT index_name, index_comment FROM information_schema.statistics WHERE table_schema = database() AND table_name = 't' ORDER BY 1;
