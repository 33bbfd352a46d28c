-- What expressions of a schema may call, as statements that make it: the domains, composite types and functions of the default
-- namespace. One may stand on another, so the statements are tried until no more of them succeed.
SELECT statement
FROM (
    SELECT 2 AS place, domain.typname::text AS name, format('CREATE DOMAIN %I AS %s', domain.typname, format_type(domain.typbasetype, domain.typtypmod))
           || coalesce(' DEFAULT ' || domain.typdefault, '') || CASE WHEN domain.typnotnull THEN ' NOT NULL' ELSE '' END
           || coalesce((
               SELECT string_agg(format(' CONSTRAINT %I %s', "constraint".conname, pg_get_constraintdef("constraint".oid)), '')
               FROM pg_constraint AS "constraint"
               WHERE "constraint".contypid = domain.oid AND "constraint".contype = 'c'
           ), '') AS statement
    FROM pg_type AS domain
    JOIN pg_namespace AS namespace ON namespace.oid = domain.typnamespace
    WHERE domain.typtype = 'd'
      AND namespace.nspname = coalesce(current_schema(), 'public')
      AND NOT EXISTS (SELECT FROM pg_depend AS owner WHERE owner.objid = domain.oid AND owner.classid = 'pg_type'::regclass AND owner.deptype = 'e')
    UNION ALL
    SELECT 3, composite.relname::text, format('CREATE TYPE %I AS (%s)', composite.relname, (
               SELECT string_agg(format('%I %s', attribute.attname, format_type(attribute.atttypid, attribute.atttypmod)), ', ' ORDER BY attribute.attnum)
               FROM pg_attribute AS attribute
               WHERE attribute.attrelid = composite.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
           ))
    FROM pg_class AS composite
    JOIN pg_namespace AS namespace ON namespace.oid = composite.relnamespace
    WHERE composite.relkind = 'c'
      AND namespace.nspname = coalesce(current_schema(), 'public')
      AND NOT EXISTS (SELECT FROM pg_depend AS owner WHERE owner.objid = composite.oid AND owner.classid = 'pg_class'::regclass AND owner.deptype = 'e')
    UNION ALL
    SELECT 4, function.oid::regprocedure::text, pg_get_functiondef(function.oid)
    FROM pg_proc AS function
    JOIN pg_namespace AS namespace ON namespace.oid = function.pronamespace
    WHERE namespace.nspname = coalesce(current_schema(), 'public')
      AND function.prokind = 'f'
      AND NOT EXISTS (SELECT FROM pg_depend AS owner WHERE owner.objid = function.oid AND owner.classid = 'pg_proc'::regclass AND owner.deptype = 'e')
) AS prelude
ORDER BY place, name
