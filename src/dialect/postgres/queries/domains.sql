-- Domains and their checks. A collation is spelled as columns.sql spells it.
SELECT
    type.oid::bigint AS id,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    type.typname AS name,
    format_type(type.typbasetype, type.typtypmod) AS type,
    CASE
        WHEN collation_namespace.nspname IN ('pg_catalog', current_setting('dbtool.namespace')) THEN collation_.collname
        ELSE '"' || replace(collation_namespace.nspname, '"', '""') || '"."' || replace(collation_.collname, '"', '""') || '"'
    END AS collation,
    coalesce(pg_get_expr(type.typdefaultbin, 0), quote_literal(type.typdefault)) AS default,
    type.typnotnull AS required,
    coalesce(checks.list, '[]') AS checks,
    description.description AS comment,
    pg_get_userbyid(type.typowner) AS owner
FROM pg_type AS type
JOIN pg_namespace AS namespace ON namespace.oid = type.typnamespace
JOIN pg_type AS base ON base.oid = type.typbasetype
LEFT JOIN pg_collation AS collation_ ON collation_.oid = type.typcollation AND type.typcollation <> base.typcollation
LEFT JOIN pg_namespace AS collation_namespace ON collation_namespace.oid = collation_.collnamespace
LEFT JOIN (
    SELECT
        constraint_.contypid,
        json_agg(json_build_object(
            'name', constraint_.conname,
            'expression', pg_get_expr(constraint_.conbin, 0),
            'not_valid', NOT constraint_.convalidated,
            'comment', words.description
        ) ORDER BY constraint_.conname) AS list
    FROM pg_constraint AS constraint_
    LEFT JOIN pg_description AS words
        ON words.classoid = 'pg_constraint'::regclass AND words.objoid = constraint_.oid AND words.objsubid = 0
    WHERE constraint_.contypid >= 16384 AND constraint_.contype = 'c'
    GROUP BY constraint_.contypid
) AS checks ON checks.contypid = type.oid
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_type'::regclass AND description.objoid = type.oid AND description.objsubid = 0
WHERE type.typtype = 'd'
    AND type.oid >= 16384
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_type'::regclass AND extension.objid = type.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, type.typname
