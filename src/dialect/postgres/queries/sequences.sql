-- Sequences, without those of identity columns (an internal dependency on their column). The owner is an automatic dependency.
SELECT
    class.oid::bigint AS id,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    class.relname AS name,
    json_build_object(
        'type', format_type(sequence.seqtypid, NULL),
        'start', sequence.seqstart,
        'increment', sequence.seqincrement,
        'min', sequence.seqmin,
        'max', sequence.seqmax,
        'cache', sequence.seqcache,
        'cycle', sequence.seqcycle
    ) AS numbers,
    nullif(owner_namespace.nspname, current_setting('dbtool.namespace')) AS owner_schema,
    owner.relname AS owner_table,
    owner_column.attname AS owner_column,
    class.relpersistence = 'u' AS unlogged,
    description.description AS comment
FROM pg_sequence AS sequence
JOIN pg_class AS class ON class.oid = sequence.seqrelid
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
LEFT JOIN pg_depend AS ownership
    ON ownership.classid = 'pg_class'::regclass AND ownership.objid = class.oid AND ownership.objsubid = 0
    AND ownership.refclassid = 'pg_class'::regclass AND ownership.refobjsubid > 0 AND ownership.deptype IN ('a', 'i')
LEFT JOIN pg_class AS owner ON owner.oid = ownership.refobjid
LEFT JOIN pg_namespace AS owner_namespace ON owner_namespace.oid = owner.relnamespace
LEFT JOIN pg_attribute AS owner_column ON owner_column.attrelid = ownership.refobjid AND owner_column.attnum = ownership.refobjsubid
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_class'::regclass AND description.objoid = class.oid AND description.objsubid = 0
WHERE ownership.deptype IS DISTINCT FROM 'i'
    AND class.relpersistence <> 't'
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
