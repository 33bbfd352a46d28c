-- The roles that schema.sql and the changes grant to. Roles belong to the server, so this may run any number of times.

DO $$
BEGIN
  CREATE ROLE dbtool_test_clerk NOLOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;

DO $$
BEGIN
  CREATE ROLE dbtool_test_manager NOLOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;

DO $$
BEGIN
  CREATE ROLE dbtool_test_auditor NOLOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;

DO $$
BEGIN
  CREATE ROLE dbtool_test_member NOLOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;
