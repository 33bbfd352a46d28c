DO $$ BEGIN CREATE ROLE dbtool_test_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
