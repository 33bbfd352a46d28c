SELECT * FROM second;
SELECT column_type FROM information_schema.columns WHERE table_schema = database() AND table_name = 'first' AND column_name = 'n';
