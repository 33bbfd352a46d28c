DO $$ BEGIN CREATE ROLE "dbtool_test_O'Hara & co"; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
