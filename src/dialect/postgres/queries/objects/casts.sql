-- Casts, which belong to no namespace and are known by their two types. Those between a range type and its multirange belong to the type.
SELECT
    cast_.oid::bigint AS id,
    'cast' AS kind,
    format_type(cast_.castsource, NULL) || ' AS ' || format_type(cast_.casttarget, NULL) AS name,
    CASE cast_.castmethod
        WHEN 'f' THEN 'WITH FUNCTION ' || cast_.castfunc::regprocedure::text
        WHEN 'i' THEN 'WITH INOUT'
        ELSE 'WITHOUT FUNCTION'
    END || CASE cast_.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END AS definition,
    description.description AS comment
FROM pg_cast AS cast_
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_cast'::regclass AND description.objoid = cast_.oid AND description.objsubid = 0
WHERE cast_.oid >= 16384
    AND NOT EXISTS (
        SELECT FROM pg_depend AS part
        WHERE part.classid = 'pg_cast'::regclass AND part.objid = cast_.oid AND part.deptype IN ('e', 'i')
    )
ORDER BY format_type(cast_.castsource, NULL) COLLATE "C", format_type(cast_.casttarget, NULL) COLLATE "C"
