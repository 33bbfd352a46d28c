SELECT array_to_string(array(SELECT unnest(reloptions) ORDER BY 1), ' ') FROM pg_class WHERE relname = 'guarded';
