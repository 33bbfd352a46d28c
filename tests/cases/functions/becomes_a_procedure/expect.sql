SELECT prokind FROM pg_proc WHERE proname = 'tidy';
