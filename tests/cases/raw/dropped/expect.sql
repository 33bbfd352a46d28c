SELECT conname FROM pg_conversion WHERE connamespace = 'public'::regnamespace;
