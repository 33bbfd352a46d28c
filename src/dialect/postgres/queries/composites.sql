-- Composite types that stand alone, and their attributes in order. What else has a row type is a table or a view.
-- A collation is spelled as columns.sql spells it.
SELECT
    type.oid::bigint AS id,
    class.oid::bigint AS relation,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    type.typname AS name,
    coalesce(attributes.list, '[]') AS attributes,
    description.description AS comment,
    pg_get_userbyid(type.typowner) AS owner
FROM pg_class AS class
JOIN pg_type AS type ON type.oid = class.reltype
JOIN pg_namespace AS namespace ON namespace.oid = type.typnamespace
LEFT JOIN (
    SELECT
        attribute.attrelid,
        json_agg(json_build_object(
            'name', attribute.attname,
            'type', format_type(attribute.atttypid, attribute.atttypmod),
            'collation', CASE
                WHEN collation_namespace.nspname IN ('pg_catalog', current_setting('dbtool.namespace')) THEN collation_.collname
                ELSE '"' || replace(collation_namespace.nspname, '"', '""') || '"."' || replace(collation_.collname, '"', '""') || '"'
            END,
            'comment', words.description
        ) ORDER BY attribute.attnum) AS list
    FROM pg_class AS composed
    JOIN pg_attribute AS attribute ON attribute.attrelid = composed.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
    JOIN pg_type AS part ON part.oid = attribute.atttypid
    LEFT JOIN pg_collation AS collation_ ON collation_.oid = attribute.attcollation AND attribute.attcollation <> part.typcollation
    LEFT JOIN pg_namespace AS collation_namespace ON collation_namespace.oid = collation_.collnamespace
    LEFT JOIN pg_description AS words
        ON words.classoid = 'pg_class'::regclass AND words.objoid = composed.oid AND words.objsubid = attribute.attnum
    WHERE composed.relkind = 'c'
    GROUP BY attribute.attrelid
) AS attributes ON attributes.attrelid = class.oid
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_type'::regclass AND description.objoid = type.oid AND description.objsubid = 0
WHERE class.relkind = 'c'
    AND class.oid >= 16384
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_type'::regclass AND extension.objid = type.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, type.typname
