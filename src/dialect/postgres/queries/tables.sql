-- Ordinary tables: neither partitioned nor partitions nor inheritance children, which unmodelled.sql names.
SELECT
    class.oid::bigint AS id,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    class.relname AS name,
    description.description AS comment,
    class.relpersistence = 'u' AS unlogged,
    array_to_json(class.reloptions) AS storage,
    array_to_json(toast.reloptions) AS toast_storage,
    nullif(method.amname, 'heap') AS access_method,
    tablespace.spcname AS tablespace,
    array_to_json(nullif(array_remove(ARRAY[
        CASE WHEN class.relrowsecurity OR class.relforcerowsecurity THEN 'row-level security' END,
        CASE WHEN class.relreplident <> 'd' THEN 'a replica identity' END,
        CASE WHEN class.reloftype <> 0 THEN 'a composite type it is made of (OF)' END,
        CASE WHEN class.relhassubclass AND EXISTS (SELECT FROM pg_inherits WHERE inhparent = class.oid) THEN 'tables that inherit from it' END
    ], NULL), '{}')) AS unmodelled
FROM pg_class AS class
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
LEFT JOIN pg_class AS toast ON toast.oid = class.reltoastrelid
LEFT JOIN pg_am AS method ON method.oid = class.relam
LEFT JOIN pg_tablespace AS tablespace ON tablespace.oid = class.reltablespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_class'::regclass AND description.objoid = class.oid AND description.objsubid = 0
WHERE class.relkind = 'r'
    AND NOT class.relispartition
    AND class.relpersistence <> 't'
    AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = class.oid)
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND starts_with(class.relname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_class'::regclass AND extension.objid = class.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, class.relname
