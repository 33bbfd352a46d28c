-- The columns of ordinary tables, in order. Tables that tables.sql leaves out are left out by whoever reads this.
-- PostgreSQL 18 keeps NOT NULL as a constraint and sets attnotnull even while it is NOT VALID: such a column may still hold NULL.
-- A collation is a bare name in pg_catalog and the default namespace, and otherwise "namespace"."name", always in quotes.
SELECT
    attribute.attrelid::bigint AS table,
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
    array_to_json(nullif(array_remove(ARRAY[
        CASE WHEN coalesce(attribute.attstattarget, -1) >= 0 THEN 'a statistics target' END,
        CASE WHEN attribute.attstorage <> type.typstorage THEN 'a storage mode' END,
        CASE WHEN attribute.attcompression <> '' THEN 'a compression method' END,
        CASE WHEN EXISTS (SELECT FROM unnest(attribute.attoptions) AS option WHERE option !~ '^pg_attver=') THEN 'options' END
    ], NULL), '{}')) AS unmodelled
FROM pg_attribute AS attribute
JOIN pg_class AS class ON class.oid = attribute.attrelid AND class.relkind = 'r' AND NOT class.relispartition AND class.relpersistence <> 't'
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
