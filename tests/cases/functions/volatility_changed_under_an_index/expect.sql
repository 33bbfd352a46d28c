SELECT proname, provolatile FROM pg_proc WHERE proname IN ('tidy', 'loose') ORDER BY 1;
