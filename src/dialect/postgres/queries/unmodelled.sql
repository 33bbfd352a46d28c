-- What exists and has no place in the model: one row for each object and each table or column that it stands on, or one row with no
-- table. What uses a table's row type depends on that type or its array. Objects of extensions and of the system (an oid below 16384,
-- which is FirstNormalObjectId) are left out.
WITH
space AS (
    SELECT
        oid,
        nspname,
        CASE WHEN nspname = current_setting('dbtool.namespace') THEN '' ELSE quote_ident(nspname) || '.' END AS prefix
    FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
        AND (nspname = current_setting('dbtool.namespace')
            OR starts_with(nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
),
-- The object by its catalog and oid, and the catalog entry that carries its dependencies.
thing (kind, name, catalog, id, carrier_catalog, carrier, self) AS (
    SELECT 'base type', type.oid::regtype::text, 'pg_type'::regclass::oid, type.oid, 'pg_type'::regclass::oid, type.oid, 0::oid
    FROM pg_type AS type JOIN space ON space.oid = type.typnamespace
    WHERE type.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type AS element WHERE element.typarray = type.oid)
    UNION ALL
    SELECT 'conversion', space.prefix || quote_ident(conversion.conname),
        'pg_conversion'::regclass, conversion.oid, 'pg_conversion'::regclass, conversion.oid, 0
    FROM pg_conversion AS conversion JOIN space ON space.oid = conversion.connamespace
    UNION ALL
    SELECT 'operator class', space.prefix || quote_ident(opclass.opcname), 'pg_opclass'::regclass, opclass.oid, 'pg_opclass'::regclass, opclass.oid, 0
    FROM pg_opclass AS opclass JOIN space ON space.oid = opclass.opcnamespace
    UNION ALL
    SELECT 'operator family', space.prefix || quote_ident(family.opfname), 'pg_opfamily'::regclass, family.oid, 'pg_opfamily'::regclass, family.oid, 0
    FROM pg_opfamily AS family JOIN space ON space.oid = family.opfnamespace
    WHERE NOT EXISTS (
        -- CREATE OPERATOR CLASS makes a family of the same name where it is not given one.
        SELECT FROM pg_opclass AS opclass
        WHERE opclass.opcfamily = family.oid AND opclass.opcname = family.opfname AND opclass.opcnamespace = family.opfnamespace
    )
    UNION ALL
    SELECT 'text search parser', space.prefix || quote_ident(parser.prsname),
        'pg_ts_parser'::regclass, parser.oid, 'pg_ts_parser'::regclass, parser.oid, 0
    FROM pg_ts_parser AS parser JOIN space ON space.oid = parser.prsnamespace
    UNION ALL
    SELECT 'text search template', space.prefix || quote_ident(template.tmplname),
        'pg_ts_template'::regclass, template.oid, 'pg_ts_template'::regclass, template.oid, 0
    FROM pg_ts_template AS template JOIN space ON space.oid = template.tmplnamespace
    UNION ALL
    SELECT 'language', quote_ident(language.lanname), 'pg_language'::regclass, language.oid, 'pg_language'::regclass, language.oid, 0
    FROM pg_language AS language WHERE language.oid >= 16384
    UNION ALL
    SELECT 'access method', quote_ident(method.amname), 'pg_am'::regclass, method.oid, 'pg_am'::regclass, method.oid, 0
    FROM pg_am AS method WHERE method.oid >= 16384
),
dependency (catalog, id, relation, number) AS (
    SELECT classid, objid, refobjid, refobjsubid FROM pg_depend WHERE refclassid = 'pg_class'::regclass
    UNION ALL
    SELECT depend.classid, depend.objid, type.typrelid, 0
    FROM pg_depend AS depend JOIN pg_type AS type ON type.oid = depend.refobjid AND type.typrelid <> 0
    WHERE depend.refclassid = 'pg_type'::regclass
    UNION ALL
    SELECT depend.classid, depend.objid, element.typrelid, 0
    FROM pg_depend AS depend JOIN pg_type AS element ON element.typarray = depend.refobjid AND element.typrelid <> 0
    WHERE depend.refclassid = 'pg_type'::regclass
)
SELECT DISTINCT
    thing.kind,
    thing.name COLLATE "C" AS name,
    nullif(space.nspname, current_setting('dbtool.namespace')) AS schema,
    CASE WHEN space.oid IS NOT NULL THEN class.relname END AS table,
    CASE WHEN space.oid IS NOT NULL THEN attribute.attname END AS column
FROM thing
LEFT JOIN dependency ON dependency.catalog = thing.carrier_catalog AND dependency.id = thing.carrier AND dependency.relation <> thing.self
LEFT JOIN pg_class AS class ON class.oid = dependency.relation AND class.relkind IN ('r', 'p', 'f', 'v', 'm')
LEFT JOIN space ON space.oid = class.relnamespace
LEFT JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid AND attribute.attnum = dependency.number AND dependency.number > 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS extension
    WHERE extension.classid = thing.catalog AND extension.objid = thing.id AND extension.deptype = 'e'
)
ORDER BY 1, 2, 3, 4, 5
