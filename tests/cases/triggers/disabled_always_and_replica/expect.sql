SELECT tgname, tgenabled FROM pg_trigger ORDER BY 1;
