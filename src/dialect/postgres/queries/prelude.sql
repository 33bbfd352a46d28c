-- What expressions of a schema may call, as statements that make it: extensions, then the schemas and functions of the user.
SELECT statement
FROM (
    SELECT 1 AS place, extension.extname::text AS name,
           format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA %I', extension.extname, namespace.nspname) AS statement
    FROM pg_extension AS extension
    JOIN pg_namespace AS namespace ON namespace.oid = extension.extnamespace
    WHERE extension.extname <> 'plpgsql'
    UNION ALL
    SELECT 2, function.oid::regprocedure::text, pg_get_functiondef(function.oid)
    FROM pg_proc AS function
    JOIN pg_namespace AS namespace ON namespace.oid = function.pronamespace
    WHERE namespace.nspname = coalesce(current_schema(), 'public')
      AND function.prokind = 'f'
      AND NOT EXISTS (SELECT 1 FROM pg_depend AS owner WHERE owner.objid = function.oid AND owner.classid = 'pg_proc'::regclass AND owner.deptype = 'e')
) AS prelude
ORDER BY place, name
