SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = database() AND table_name NOT LIKE 'dbtool%' ORDER BY 1;
SELECT a FROM kept FOR SYSTEM_TIME ALL ORDER BY a;
