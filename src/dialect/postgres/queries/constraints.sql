-- Primary keys, unique, check, foreign key and exclusion constraints of tables, but for those that a table has from its parent. The keys of exclusion constraints and INCLUDE
-- columns come with the constraint's index (indexes.sql). Columns that newer servers added to pg_constraint are read through to_jsonb,
-- so that the query runs on every version: confdelsetcols (15), conenforced and conperiod (18).
WITH names AS MATERIALIZED (
    -- By their number, which runs from 1 without a gap: what was dropped keeps its place.
    SELECT attribute.attrelid AS relation, array_agg(attribute.attname ORDER BY attribute.attnum) AS list
    FROM pg_attribute AS attribute
    JOIN pg_class AS class ON class.oid = attribute.attrelid AND class.relkind IN ('r', 'p', 'f')
    WHERE attribute.attnum > 0
    GROUP BY attribute.attrelid
)
SELECT
    "constraint".oid::bigint AS id,
    "constraint".conrelid::bigint AS table,
    "constraint".conname AS name,
    "constraint".contype AS kind,
    nullif("constraint".conindid, 0)::bigint AS index,
    -- The key of an expression is numbered 0, a system column (tableoid in a check) below that.
    array_to_json(ARRAY(
        SELECT names.list[key.number]
        FROM unnest("constraint".conkey) WITH ORDINALITY AS key (number, position)
        WHERE key.number > 0
        ORDER BY key.position
    )) AS columns,
    nullif(target_namespace.nspname, current_setting('dbtool.namespace')) AS target_schema,
    target.relname AS target_table,
    CASE WHEN "constraint".contype = 'f' THEN array_to_json(ARRAY(
        SELECT target_names.list[key.number] FROM unnest("constraint".confkey) WITH ORDINALITY AS key (number, position) ORDER BY key.position
    )) END AS target_columns,
    "constraint".confupdtype AS on_update,
    "constraint".confdeltype AS on_delete,
    CASE WHEN "constraint".contype = 'f' AND "constraint".confdeltype IN ('n', 'd') THEN array_to_json(ARRAY(
        SELECT names.list[key.number::integer]
        FROM jsonb_array_elements_text(nullif(to_jsonb("constraint")->'confdelsetcols', 'null')) WITH ORDINALITY AS key (number, position)
        ORDER BY key.position
    )) END AS on_delete_columns,
    "constraint".confmatchtype = 'f' AS match_full,
    "constraint".condeferrable AS deferrable,
    "constraint".condeferred AS deferred,
    "constraint".connoinherit AS no_inherit,
    NOT "constraint".convalidated AS not_valid,
    pg_get_expr("constraint".conbin, "constraint".conrelid) AS expression,
    operators.list AS operators,
    description.description AS comment,
    CASE WHEN current_setting('server_version_num')::integer >= 180000 THEN array_to_json(nullif(array_remove(ARRAY[
        CASE WHEN to_jsonb("constraint")->>'conenforced' = 'false' THEN 'NOT ENFORCED' END,
        CASE WHEN to_jsonb("constraint")->>'conperiod' = 'true' THEN 'a period (WITHOUT OVERLAPS, PERIOD)' END
    ], NULL), '{}')) END AS unmodelled
FROM pg_constraint AS "constraint"
JOIN pg_class AS class ON class.oid = "constraint".conrelid AND class.relkind IN ('r', 'p', 'f') AND class.relpersistence <> 't'
JOIN pg_namespace AS namespace
    ON namespace.oid = class.relnamespace AND namespace.nspname !~ '^pg_' AND namespace.nspname <> 'information_schema'
LEFT JOIN names ON names.relation = "constraint".conrelid
LEFT JOIN names AS target_names ON target_names.relation = "constraint".confrelid
LEFT JOIN pg_class AS target ON target.oid = "constraint".confrelid
LEFT JOIN pg_namespace AS target_namespace ON target_namespace.oid = target.relnamespace
LEFT JOIN LATERAL (
    SELECT json_agg(
        CASE
            WHEN pg_operator_is_visible(operator.oid) THEN operator.oprname
            ELSE 'OPERATOR(' || quote_ident(operator_namespace.nspname) || '.' || operator.oprname || ')'
        END
        ORDER BY key.position
    ) AS list
    FROM unnest("constraint".conexclop) WITH ORDINALITY AS key (operator, position)
    JOIN pg_operator AS operator ON operator.oid = key.operator
    JOIN pg_namespace AS operator_namespace ON operator_namespace.oid = operator.oprnamespace
) AS operators ON "constraint".contype = 'x'
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_constraint'::regclass AND description.objoid = "constraint".oid AND description.objsubid = 0
WHERE "constraint".contype IN ('p', 'u', 'c', 'f', 'x')
    AND "constraint".conparentid = 0
    AND "constraint".conislocal
ORDER BY "constraint".conrelid, "constraint".conname
