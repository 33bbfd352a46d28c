SELECT tgname, coalesce(obj_description(oid, 'pg_trigger'), '-') FROM pg_trigger ORDER BY 1;
