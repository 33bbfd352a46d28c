-- Range types, spelled without what the server would choose itself: the default operator class and collation of the subtype, and the name
-- of the multirange type, which has "multi" before the first "range" in the name or "_multirange" behind it.
SELECT
    type.oid::bigint AS id,
    'range type' AS kind,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    type.typname AS name,
    'AS RANGE (' || concat_ws(', ',
        'SUBTYPE = ' || format_type(range.rngsubtype, NULL),
        CASE WHEN NOT opclass.opcdefault THEN
            'SUBTYPE_OPCLASS = ' || CASE WHEN pg_opclass_is_visible(opclass.oid) THEN '' ELSE quote_ident(opclass_namespace.nspname) || '.' END
                || quote_ident(opclass.opcname)
        END,
        'COLLATION = ' || CASE WHEN pg_collation_is_visible(collation_.oid) THEN '' ELSE quote_ident(collation_namespace.nspname) || '.' END
            || quote_ident(collation_.collname),
        'CANONICAL = ' || CASE WHEN pg_function_is_visible(canonical.oid) THEN '' ELSE quote_ident(canonical_namespace.nspname) || '.' END
            || quote_ident(canonical.proname),
        'SUBTYPE_DIFF = ' || CASE WHEN pg_function_is_visible(diff.oid) THEN '' ELSE quote_ident(diff_namespace.nspname) || '.' END
            || quote_ident(diff.proname),
        CASE
            WHEN multirange.typnamespace <> type.typnamespace OR multirange.typname <> CASE
                WHEN strpos(type.typname, 'range') > 0 THEN regexp_replace(type.typname, 'range', 'multirange')
                ELSE left(type.typname, 52) || '_multirange'
            END::name
            THEN 'MULTIRANGE_TYPE_NAME = ' || format_type(multirange.oid, NULL)
        END
    ) || ')' AS definition,
    description.description AS comment,
    pg_get_userbyid(type.typowner) AS owner,
    -- The function takes and gives the type itself, so the type has to be there as a shell before.
    CASE WHEN canonical.oid IS NOT NULL THEN json_build_array('a canonical function') END AS unmodelled
FROM pg_range AS range
JOIN pg_type AS type ON type.oid = range.rngtypid
JOIN pg_namespace AS namespace ON namespace.oid = type.typnamespace
JOIN pg_type AS subtype ON subtype.oid = range.rngsubtype
JOIN pg_type AS multirange ON multirange.oid = range.rngmultitypid
JOIN pg_opclass AS opclass ON opclass.oid = range.rngsubopc
JOIN pg_namespace AS opclass_namespace ON opclass_namespace.oid = opclass.opcnamespace
LEFT JOIN pg_collation AS collation_ ON collation_.oid = range.rngcollation AND range.rngcollation <> subtype.typcollation
LEFT JOIN pg_namespace AS collation_namespace ON collation_namespace.oid = collation_.collnamespace
LEFT JOIN pg_proc AS canonical ON canonical.oid = range.rngcanonical
LEFT JOIN pg_namespace AS canonical_namespace ON canonical_namespace.oid = canonical.pronamespace
LEFT JOIN pg_proc AS diff ON diff.oid = range.rngsubdiff
LEFT JOIN pg_namespace AS diff_namespace ON diff_namespace.oid = diff.pronamespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_type'::regclass AND description.objoid = type.oid AND description.objsubid = 0
WHERE type.oid >= 16384
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_type'::regclass AND extension.objid = type.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, type.typname
