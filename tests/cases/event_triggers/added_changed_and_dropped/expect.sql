SELECT evtname, evtevent, evtenabled, coalesce(array_to_string(evttags, ' '), '-') FROM pg_event_trigger ORDER BY 1;
