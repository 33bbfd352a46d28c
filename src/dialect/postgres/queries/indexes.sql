-- The indexes of tables and materialized views, those of constraints included, but for those that a partition has from its table. An operator class is named where the server would not choose it: it is
-- not a default, or another default stands closer to the key's type (citext with text_ops), or it has parameters.
-- indnullsnotdistinct came with 15, so it is read through to_jsonb.
SELECT
    "index".indexrelid::bigint AS id,
    "index".indrelid::bigint AS table,
    class.relname AS name,
    owner.oid IS NOT NULL AS of_constraint,
    "index".indisunique AS unique,
    method.amname AS method,
    coalesce(parts.list, '[]') AS parts,
    pg_get_expr("index".indpred, "index".indrelid) AS predicate,
    "index".indisunique AND coalesce((to_jsonb("index")->>'indnullsnotdistinct')::boolean, false) AS nulls_not_distinct,
    array_to_json(class.reloptions) AS storage,
    tablespace.spcname AS tablespace,
    description.description AS comment,
    "index".indisclustered AS clustered,
    array_to_json(nullif(array_remove(ARRAY[
        CASE WHEN NOT "index".indisvalid THEN 'invalid' END,
        CASE WHEN parts.statistics THEN 'with a statistics target' END
    ], NULL), '{}')) AS unmodelled
FROM pg_index AS "index"
JOIN pg_class AS class ON class.oid = "index".indexrelid
JOIN pg_class AS table_ ON table_.oid = "index".indrelid AND table_.relkind IN ('r', 'p', 'm') AND table_.relpersistence <> 't'
JOIN pg_namespace AS namespace
    ON namespace.oid = table_.relnamespace AND namespace.nspname !~ '^pg_' AND namespace.nspname <> 'information_schema'
JOIN pg_am AS method ON method.oid = class.relam
LEFT JOIN pg_constraint AS owner
    ON owner.conrelid = "index".indrelid AND owner.conindid = "index".indexrelid AND owner.contype IN ('p', 'u', 'x')
LEFT JOIN pg_tablespace AS tablespace ON tablespace.oid = class.reltablespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_class'::regclass AND description.objoid = class.oid AND description.objsubid = 0
LEFT JOIN LATERAL (
    SELECT
        bool_or(coalesce(key_attribute.attstattarget, -1) >= 0) AS statistics,
        json_agg(json_build_object(
            'column', attribute.attname,
            'expression', CASE WHEN key.number = 0 THEN pg_get_indexdef("index".indexrelid, key.position::integer, false) END,
            'included', nullif(key.position > "index".indnkeyatts, false),
            'descending', nullif(("index".indoption[key.position - 1] & 1) <> 0, false),
            'nulls_first', nullif(("index".indoption[key.position - 1] & 2) <> 0, false),
            'collation', CASE
                WHEN collation_.oid IS NULL THEN NULL
                WHEN collation_namespace.nspname IN ('pg_catalog', current_setting('dbtool.namespace')) THEN collation_.collname
                ELSE '"' || replace(collation_namespace.nspname, '"', '""') || '"."' || replace(collation_.collname, '"', '""') || '"'
            END,
            'opclass', CASE
                WHEN opclass.oid IS NULL THEN NULL
                WHEN opclass.opcdefault AND key_options.list IS NULL AND (
                    opclass.opcintype = key_type.id
                    OR NOT EXISTS (
                        SELECT FROM pg_opclass AS closer
                        WHERE closer.opcmethod = opclass.opcmethod AND closer.opcdefault AND closer.opcintype = key_type.id
                    )
                ) THEN NULL
                WHEN pg_opclass_is_visible(opclass.oid) THEN quote_ident(opclass.opcname)
                ELSE quote_ident(opclass_namespace.nspname) || '.' || quote_ident(opclass.opcname)
            END || coalesce('(' || key_options.list || ')', '')
        ) ORDER BY key.position) AS list
    FROM unnest("index".indkey::smallint[]) WITH ORDINALITY AS key (number, position)
    JOIN pg_attribute AS key_attribute ON key_attribute.attrelid = "index".indexrelid AND key_attribute.attnum = key.position
    LEFT JOIN pg_attribute AS attribute ON attribute.attrelid = "index".indrelid AND attribute.attnum = key.number AND key.number <> 0
    LEFT JOIN pg_opclass AS opclass
        ON key.position <= "index".indnkeyatts AND opclass.oid = "index".indclass[key.position - 1]
    LEFT JOIN pg_namespace AS opclass_namespace ON opclass_namespace.oid = opclass.opcnamespace
    LEFT JOIN pg_type AS type ON type.oid = coalesce(attribute.atttypid, key_attribute.atttypid)
    CROSS JOIN LATERAL (SELECT CASE WHEN type.typtype = 'd' THEN type.typbasetype ELSE type.oid END AS id) AS key_type
    LEFT JOIN pg_collation AS collation_
        ON key.position <= "index".indnkeyatts AND collation_.oid = "index".indcollation[key.position - 1]
        AND collation_.oid <> coalesce(attribute.attcollation, type.typcollation)
    LEFT JOIN pg_namespace AS collation_namespace ON collation_namespace.oid = collation_.collnamespace
    LEFT JOIN LATERAL (
        SELECT string_agg(split_part(option, '=', 1) || '=' || quote_literal(substr(option, strpos(option, '=') + 1)), ', ' ORDER BY option) AS list
        FROM unnest(key_attribute.attoptions) AS option
        WHERE option !~ '^pg_attver='
    ) AS key_options ON key_attribute.attoptions IS NOT NULL
) AS parts ON true
WHERE NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = "index".indexrelid)
ORDER BY "index".indrelid, class.relname
