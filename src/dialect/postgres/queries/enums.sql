-- Enumerations and their values in order.
SELECT
    type.oid::bigint AS id,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    type.typname AS name,
    coalesce(labels.list, '[]') AS labels,
    description.description AS comment
FROM pg_type AS type
JOIN pg_namespace AS namespace ON namespace.oid = type.typnamespace
LEFT JOIN (
    SELECT enumtypid, json_agg(enumlabel ORDER BY enumsortorder) AS list FROM pg_enum GROUP BY enumtypid
) AS labels ON labels.enumtypid = type.oid
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_type'::regclass AND description.objoid = type.oid AND description.objsubid = 0
WHERE type.typtype = 'e'
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_type'::regclass AND extension.objid = type.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, type.typname
