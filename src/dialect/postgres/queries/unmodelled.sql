-- What exists and has no place in the model: one row for each object and each table or column that it stands on, or one row with no
-- table. What depends on a table's columns hangs on the object itself or, for views, on the rewrite rule behind it; what uses a table's
-- row type depends on that type or its array. Objects of extensions and of the system (an oid below 16384, which is
-- FirstNormalObjectId) are left out.
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
relation AS (
    SELECT class.* FROM pg_class AS class JOIN space ON space.oid = class.relnamespace
    WHERE class.relpersistence <> 't' AND starts_with(class.relname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE
),
-- The object by its catalog and oid, and the catalog entry that carries its dependencies.
thing (kind, name, catalog, id, carrier_catalog, carrier, self) AS (
    SELECT
        CASE
            WHEN relation.relispartition THEN 'partition'
            WHEN relation.relkind = 'p' THEN 'partitioned table'
            WHEN relation.relkind = 'f' THEN 'foreign table'
            WHEN relation.relkind = 'c' THEN 'composite type'
            ELSE 'inherited table'
        END,
        relation.oid::regclass::text, 'pg_class'::regclass::oid, relation.oid, 'pg_class'::regclass::oid, relation.oid, relation.oid
    FROM relation
    WHERE relation.relkind IN ('p', 'f', 'c')
        OR relation.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits WHERE inhrelid = relation.oid)
    UNION ALL
    SELECT
        CASE relation.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
        relation.oid::regclass::text, 'pg_class'::regclass, relation.oid, 'pg_rewrite'::regclass, rule.oid, relation.oid
    FROM relation JOIN pg_rewrite AS rule ON rule.ev_class = relation.oid AND rule.rulename = '_RETURN'
    WHERE relation.relkind IN ('v', 'm')
    UNION ALL
    SELECT
        CASE WHEN relation.relkind = 'p' THEN 'partitioned table' ELSE 'inherited table' END,
        relation.oid::regclass::text, 'pg_class'::regclass, relation.oid, 'pg_constraint'::regclass, reference.oid, relation.oid
    FROM relation JOIN pg_constraint AS reference ON reference.conrelid = relation.oid AND reference.contype = 'f' AND reference.conparentid = 0
    WHERE NOT relation.relispartition
        AND (relation.relkind = 'p' OR relation.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits WHERE inhrelid = relation.oid))
    UNION ALL
    SELECT 'rule', quote_ident(rule.rulename) || ' on ' || relation.oid::regclass::text,
        'pg_rewrite'::regclass, rule.oid, 'pg_rewrite'::regclass, rule.oid, 0
    FROM pg_rewrite AS rule JOIN relation ON relation.oid = rule.ev_class
    WHERE rule.rulename <> '_RETURN'
    UNION ALL
    SELECT 'trigger', quote_ident(trigger.tgname) || ' on ' || relation.oid::regclass::text,
        'pg_trigger'::regclass, trigger.oid, 'pg_trigger'::regclass, trigger.oid, 0
    FROM pg_trigger AS trigger JOIN relation ON relation.oid = trigger.tgrelid
    WHERE NOT trigger.tgisinternal AND trigger.tgparentid = 0
    UNION ALL
    SELECT 'policy', quote_ident(policy.polname) || ' on ' || relation.oid::regclass::text,
        'pg_policy'::regclass, policy.oid, 'pg_policy'::regclass, policy.oid, 0
    FROM pg_policy AS policy JOIN relation ON relation.oid = policy.polrelid
    UNION ALL
    SELECT
        CASE routine.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
        routine.oid::regprocedure::text, 'pg_proc'::regclass, routine.oid, 'pg_proc'::regclass, routine.oid, 0
    FROM pg_proc AS routine JOIN space ON space.oid = routine.pronamespace
    WHERE NOT EXISTS (
        -- The constructors of a range type belong to it.
        SELECT FROM pg_depend AS part
        WHERE part.classid = 'pg_proc'::regclass AND part.objid = routine.oid AND part.refclassid = 'pg_type'::regclass AND part.deptype = 'i'
    )
    UNION ALL
    SELECT
        CASE type.typtype WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' ELSE 'base type' END,
        type.oid::regtype::text, 'pg_type'::regclass, type.oid, 'pg_type'::regclass, type.oid, 0
    FROM pg_type AS type JOIN space ON space.oid = type.typnamespace
    WHERE type.typtype IN ('d', 'r')
        OR type.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type AS element WHERE element.typarray = type.oid)
    UNION ALL
    SELECT 'statistics object', space.prefix || quote_ident(statistics.stxname),
        'pg_statistic_ext'::regclass, statistics.oid, 'pg_statistic_ext'::regclass, statistics.oid, 0
    FROM pg_statistic_ext AS statistics JOIN space ON space.oid = statistics.stxnamespace
    UNION ALL
    SELECT 'collation', collation_.oid::regcollation::text, 'pg_collation'::regclass, collation_.oid, 'pg_collation'::regclass, collation_.oid, 0
    FROM pg_collation AS collation_ JOIN space ON space.oid = collation_.collnamespace
    UNION ALL
    SELECT 'conversion', space.prefix || quote_ident(conversion.conname),
        'pg_conversion'::regclass, conversion.oid, 'pg_conversion'::regclass, conversion.oid, 0
    FROM pg_conversion AS conversion JOIN space ON space.oid = conversion.connamespace
    UNION ALL
    SELECT 'operator', operator.oid::regoperator::text, 'pg_operator'::regclass, operator.oid, 'pg_operator'::regclass, operator.oid, 0
    FROM pg_operator AS operator JOIN space ON space.oid = operator.oprnamespace
    UNION ALL
    SELECT 'operator class', space.prefix || quote_ident(opclass.opcname), 'pg_opclass'::regclass, opclass.oid, 'pg_opclass'::regclass, opclass.oid, 0
    FROM pg_opclass AS opclass JOIN space ON space.oid = opclass.opcnamespace
    UNION ALL
    SELECT 'operator family', space.prefix || quote_ident(family.opfname), 'pg_opfamily'::regclass, family.oid, 'pg_opfamily'::regclass, family.oid, 0
    FROM pg_opfamily AS family JOIN space ON space.oid = family.opfnamespace
    UNION ALL
    SELECT 'text search configuration', config.oid::regconfig::text, 'pg_ts_config'::regclass, config.oid, 'pg_ts_config'::regclass, config.oid, 0
    FROM pg_ts_config AS config JOIN space ON space.oid = config.cfgnamespace
    UNION ALL
    SELECT 'text search dictionary', dictionary.oid::regdictionary::text,
        'pg_ts_dict'::regclass, dictionary.oid, 'pg_ts_dict'::regclass, dictionary.oid, 0
    FROM pg_ts_dict AS dictionary JOIN space ON space.oid = dictionary.dictnamespace
    UNION ALL
    SELECT 'text search parser', space.prefix || quote_ident(parser.prsname),
        'pg_ts_parser'::regclass, parser.oid, 'pg_ts_parser'::regclass, parser.oid, 0
    FROM pg_ts_parser AS parser JOIN space ON space.oid = parser.prsnamespace
    UNION ALL
    SELECT 'text search template', space.prefix || quote_ident(template.tmplname),
        'pg_ts_template'::regclass, template.oid, 'pg_ts_template'::regclass, template.oid, 0
    FROM pg_ts_template AS template JOIN space ON space.oid = template.tmplnamespace
    UNION ALL
    SELECT 'publication', quote_ident(publication.pubname),
        'pg_publication'::regclass, publication.oid, 'pg_publication'::regclass, publication.oid, 0
    FROM pg_publication AS publication
    UNION ALL
    SELECT 'publication', quote_ident(publication.pubname), 'pg_publication'::regclass, publication.oid, 'pg_publication_rel'::regclass, member.oid, 0
    FROM pg_publication AS publication JOIN pg_publication_rel AS member ON member.prpubid = publication.oid
    UNION ALL
    SELECT 'event trigger', quote_ident(trigger.evtname), 'pg_event_trigger'::regclass, trigger.oid, 'pg_event_trigger'::regclass, trigger.oid, 0
    FROM pg_event_trigger AS trigger
    UNION ALL
    SELECT 'foreign server', quote_ident(server.srvname), 'pg_foreign_server'::regclass, server.oid, 'pg_foreign_server'::regclass, server.oid, 0
    FROM pg_foreign_server AS server
    UNION ALL
    SELECT 'foreign-data wrapper', quote_ident(wrapper.fdwname),
        'pg_foreign_data_wrapper'::regclass, wrapper.oid, 'pg_foreign_data_wrapper'::regclass, wrapper.oid, 0
    FROM pg_foreign_data_wrapper AS wrapper
    UNION ALL
    SELECT 'language', quote_ident(language.lanname), 'pg_language'::regclass, language.oid, 'pg_language'::regclass, language.oid, 0
    FROM pg_language AS language WHERE language.oid >= 16384
    UNION ALL
    SELECT 'access method', quote_ident(method.amname), 'pg_am'::regclass, method.oid, 'pg_am'::regclass, method.oid, 0
    FROM pg_am AS method WHERE method.oid >= 16384
    UNION ALL
    SELECT 'cast', format_type(cast_.castsource, NULL) || ' to ' || format_type(cast_.casttarget, NULL),
        'pg_cast'::regclass, cast_.oid, 'pg_cast'::regclass, cast_.oid, 0
    FROM pg_cast AS cast_
    WHERE cast_.oid >= 16384 AND NOT EXISTS (
        -- The cast of a range type to its multirange belongs to the type.
        SELECT FROM pg_depend AS part WHERE part.classid = 'pg_cast'::regclass AND part.objid = cast_.oid AND part.deptype = 'i'
    )
    UNION ALL
    SELECT 'default privileges',
        'of ' || quote_ident(pg_get_userbyid(privileges.defaclrole)) || coalesce(' in ' || quote_ident(space.nspname), '')
            || CASE privileges.defaclobjtype
                WHEN 'r' THEN ' on tables' WHEN 'S' THEN ' on sequences' WHEN 'f' THEN ' on functions' WHEN 'T' THEN ' on types'
                WHEN 'n' THEN ' on schemas' ELSE ' on other objects'
            END,
        'pg_default_acl'::regclass, privileges.oid, 'pg_default_acl'::regclass, privileges.oid, 0
    FROM pg_default_acl AS privileges LEFT JOIN space ON space.oid = privileges.defaclnamespace
    UNION ALL
    SELECT 'grants on ' || CASE relation.relkind WHEN 'S' THEN 'sequence' WHEN 'r' THEN 'table' ELSE 'relation' END,
        relation.oid::regclass::text, 'pg_class'::regclass, relation.oid, 0, 0, 0
    FROM relation
    WHERE relation.relkind IN ('r', 'S', 'v', 'm', 'p', 'f') AND (
        EXISTS (SELECT FROM aclexplode(relation.relacl) AS acl WHERE acl.grantee <> relation.relowner)
        OR relation.oid IN (SELECT attrelid FROM pg_attribute WHERE attacl IS NOT NULL AND NOT attisdropped)
    )
    UNION ALL
    SELECT 'grants on schema', quote_ident(namespace.nspname), 'pg_namespace'::regclass, namespace.oid, 0, 0, 0
    FROM pg_namespace AS namespace JOIN space ON space.oid = namespace.oid
    WHERE namespace.nspname <> 'public'
        AND EXISTS (SELECT FROM aclexplode(namespace.nspacl) AS acl WHERE acl.grantee <> namespace.nspowner)
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
