SELECT relname, oid::regclass FROM pg_class WHERE oid IN (SELECT prrelid FROM pg_publication_rel) ORDER BY 1;
