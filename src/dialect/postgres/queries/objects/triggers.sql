-- Triggers of tables, views and foreign tables, neither those behind a constraint nor the copies that partitions have of their parent's.
-- Written with the pretty form, which alone leaves the default namespace off the table.
WITH RECURSIVE copy (id, original, enabled) AS (
    SELECT oid, tgparentid, tgenabled FROM pg_trigger WHERE tgparentid <> 0
    UNION
    SELECT copy.id, parent.tgparentid, copy.enabled
    FROM copy JOIN pg_trigger AS parent ON parent.oid = copy.original AND parent.tgparentid <> 0
)
SELECT
    trigger.oid::bigint AS id,
    'trigger' AS kind,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    trigger.tgname AS name,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS table_schema,
    class.relname AS table,
    substr(pg_get_triggerdef(trigger.oid, true), 1 + length(
        'CREATE ' || CASE WHEN trigger.tgconstraint <> 0 THEN 'CONSTRAINT ' ELSE '' END || 'TRIGGER ' || quote_ident(trigger.tgname) || ' '
    )) AS definition,
    nullif(trigger.tgenabled, 'O') AS enabled,
    trigger.tgconstraint <> 0 AS is_constraint,
    description.description AS comment,
    array_to_json(nullif(array_remove(ARRAY[
        CASE WHEN states.list <> ARRAY[trigger.tgenabled] THEN 'another state on a partition' END,
        CASE WHEN EXISTS (
            -- ALTER ... DEPENDS ON EXTENSION.
            SELECT FROM pg_depend AS tie WHERE tie.classid = 'pg_trigger'::regclass AND tie.objid = trigger.oid AND tie.deptype = 'x'
        ) THEN 'a dependency on an extension' END
    ], NULL), '{}')) AS unmodelled
FROM pg_trigger AS trigger
JOIN pg_class AS class ON class.oid = trigger.tgrelid
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
LEFT JOIN (
    SELECT original, array_agg(DISTINCT enabled) AS list FROM copy GROUP BY original
) AS states ON states.original = trigger.oid
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_trigger'::regclass AND description.objoid = trigger.oid AND description.objsubid = 0
WHERE NOT trigger.tgisinternal
    AND trigger.tgparentid = 0
    AND trigger.oid >= 16384
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
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, class.relname, trigger.tgname
