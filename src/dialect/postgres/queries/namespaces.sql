-- Namespaces besides the default one, without the system's, the tool's and those of extensions.
SELECT
    namespace.oid::bigint AS id,
    namespace.nspname AS name,
    description.description AS comment
FROM pg_namespace AS namespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_namespace'::regclass AND description.objoid = namespace.oid AND description.objsubid = 0
WHERE namespace.nspname !~ '^pg_'
    AND namespace.nspname NOT IN ('information_schema', current_setting('dbtool.namespace'))
    AND starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_namespace'::regclass AND extension.objid = namespace.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname
