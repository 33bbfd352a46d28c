-- Tables, foreign tables, sequences and enumerations that belong to another role than the one that reads. A sequence of a column is left
-- out: its owner is always that of the table.
SELECT 'pg_class' AS catalog, class.oid::bigint AS id, pg_get_userbyid(class.relowner) AS owner
FROM pg_class AS class
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE class.relkind IN ('r', 'p', 'f', 'S')
    AND class.oid >= 16384
    AND class.relpersistence <> 't'
    AND class.relowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND starts_with(class.relname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS part
        WHERE part.classid = 'pg_class'::regclass AND part.objid = class.oid AND (
            part.deptype = 'e'
            OR class.relkind = 'S' AND part.deptype IN ('a', 'i') AND part.refclassid = 'pg_class'::regclass AND part.refobjsubid > 0
        )
    )
UNION ALL
SELECT 'pg_type', type.oid::bigint, pg_get_userbyid(type.typowner)
FROM pg_type AS type
JOIN pg_namespace AS namespace ON namespace.oid = type.typnamespace
WHERE type.typtype = 'e'
    AND type.typowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_type'::regclass AND extension.objid = type.oid AND extension.deptype = 'e'
    )
ORDER BY catalog, id
