-- The columns of tables, in order. Tables that tables.sql leaves out are left out by whoever reads this.
-- PostgreSQL 18 keeps NOT NULL as a constraint and sets attnotnull even while it is NOT VALID: such a column may still hold NULL.
-- A collation is a bare name in pg_catalog and the default namespace, and otherwise "namespace"."name", always in quotes.
SELECT
    attribute.attrelid::bigint AS table,
    attribute.attnum AS number,
    attribute.attname AS name,
    format_type(attribute.atttypid, attribute.atttypmod) AS type,
    attribute.attnotnull AND unchecked.oid IS NULL AS required,
    nullif(attribute.attgenerated, '') AS generated,
    nullif(attribute.attidentity, '') AS identity,
    pg_get_expr(filler.adbin, filler.adrelid) AS expression,
    CASE
        WHEN collation_namespace.nspname IN ('pg_catalog', current_setting('dbtool.namespace')) THEN collation_.collname
        ELSE '"' || replace(collation_namespace.nspname, '"', '""') || '"."' || replace(collation_.collname, '"', '""') || '"'
    END AS collation,
    sequence.seqrelid::bigint AS sequence,
    CASE WHEN sequence.seqrelid IS NOT NULL THEN json_build_object(
        'type', format_type(sequence.seqtypid, NULL),
        'start', sequence.seqstart,
        'increment', sequence.seqincrement,
        'min', sequence.seqmin,
        'max', sequence.seqmax,
        'cache', sequence.seqcache,
        'cycle', sequence.seqcycle
    ) END AS numbers,
    description.description AS comment,
    nullif(coalesce(attribute.attstattarget, -1), -1) AS statistics,
    CASE WHEN attribute.attstorage <> type.typstorage THEN
        CASE attribute.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END
    END AS storage,
    CASE attribute.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
    array_to_json(nullif(ARRAY(SELECT option FROM unnest(attribute.attoptions) AS option WHERE option !~ '^pg_attver='), '{}')) AS settings,
    array_to_json(attribute.attfdwoptions) AS foreign_options
FROM pg_attribute AS attribute
JOIN pg_class AS class ON class.oid = attribute.attrelid AND class.relkind IN ('r', 'p', 'f') AND class.relpersistence <> 't'
JOIN pg_namespace AS namespace
    ON namespace.oid = class.relnamespace AND namespace.nspname !~ '^pg_' AND namespace.nspname <> 'information_schema'
JOIN pg_type AS type ON type.oid = attribute.atttypid
LEFT JOIN pg_attrdef AS filler ON attribute.atthasdef AND filler.adrelid = attribute.attrelid AND filler.adnum = attribute.attnum
LEFT JOIN pg_collation AS collation_ ON collation_.oid = attribute.attcollation AND attribute.attcollation <> type.typcollation
LEFT JOIN pg_namespace AS collation_namespace ON collation_namespace.oid = collation_.collnamespace
LEFT JOIN pg_constraint AS unchecked
    ON unchecked.conrelid = attribute.attrelid AND unchecked.contype = 'n' AND NOT unchecked.convalidated
    AND unchecked.conkey = ARRAY[attribute.attnum]
LEFT JOIN (
    SELECT depend.refobjid AS relation, depend.refobjsubid AS number, sequence.*
    FROM pg_sequence AS sequence
    JOIN pg_depend AS depend
        ON depend.classid = 'pg_class'::regclass AND depend.objid = sequence.seqrelid
        AND depend.refclassid = 'pg_class'::regclass AND depend.deptype = 'i'
) AS sequence ON sequence.relation = attribute.attrelid AND sequence.number = attribute.attnum
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_class'::regclass AND description.objoid = attribute.attrelid AND description.objsubid = attribute.attnum
WHERE attribute.attnum > 0 AND NOT attribute.attisdropped
ORDER BY attribute.attrelid, attribute.attnum
