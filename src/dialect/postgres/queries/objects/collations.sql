-- Collations. Where the locale stands depends on the server: of ICU it is collcollate in 14, colliculocale in 15 and 16, colllocale from 17
-- on, and collicurules came with 16. So these are read through to_jsonb, which gives NULL for a column that is not there.
SELECT
    collation_.oid::bigint AS id,
    'collation' AS kind,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    collation_.collname AS name,
    '(' || concat_ws(', ',
        'PROVIDER = ' || CASE collation_.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'default' END,
        CASE
            WHEN locale.name IS NOT NULL THEN 'LOCALE = ' || quote_literal(locale.name)
            WHEN collation_.collcollate = collation_.collctype THEN 'LOCALE = ' || quote_literal(collation_.collcollate)
            ELSE 'LC_COLLATE = ' || quote_literal(collation_.collcollate) || ', LC_CTYPE = ' || quote_literal(collation_.collctype)
        END,
        CASE WHEN NOT collation_.collisdeterministic THEN 'DETERMINISTIC = false' END,
        'RULES = ' || quote_literal(to_jsonb(collation_) ->> 'collicurules')
    ) || ')' AS definition,
    description.description AS comment,
    pg_get_userbyid(collation_.collowner) AS owner
FROM pg_collation AS collation_
JOIN pg_namespace AS namespace ON namespace.oid = collation_.collnamespace
CROSS JOIN LATERAL (
    SELECT coalesce(to_jsonb(collation_) ->> 'colllocale', to_jsonb(collation_) ->> 'colliculocale') AS name
) AS locale
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_collation'::regclass AND description.objoid = collation_.oid AND description.objsubid = 0
WHERE collation_.oid >= 16384
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_collation'::regclass AND extension.objid = collation_.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, collation_.collname
