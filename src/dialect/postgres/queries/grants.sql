-- Privileges other than the built-in ones: one row for each object that has any, the owner's own left out. An object whose list is NULL
-- has the built-in ones. What PUBLIC has is listed, all of it, only where it is not what PUBLIC has by default: EXECUTE on functions,
-- USAGE on types, and on the namespace "public" what the server was set up with. So an empty list stands for a default taken away.
WITH
space AS (
    SELECT oid, nspname, nspowner, nspacl
    FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
        AND (nspname = current_setting('dbtool.namespace')
            OR starts_with(nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
),
relation AS (
    SELECT class.oid, class.relkind, class.relowner, class.relacl
    FROM pg_class AS class JOIN space ON space.oid = class.relnamespace
    WHERE class.relkind IN ('r', 'S', 'v', 'm', 'p', 'f')
        AND class.relpersistence <> 't'
        AND starts_with(class.relname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE
),
-- Each object with a list of its own, or of a column, and what would hold without it.
thing (catalog, id, owner, acl, initial) AS (
    SELECT
        'pg_class'::regclass::oid, relation.oid, relation.relowner,
        -- A table with the built-in privileges may have columns with more.
        coalesce(relation.relacl, acldefault('r', relation.relowner)),
        acldefault(CASE relation.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, relation.relowner)
    FROM relation
    WHERE relation.relacl IS NOT NULL
        OR relation.oid IN (SELECT attrelid FROM pg_attribute WHERE attacl IS NOT NULL AND NOT attisdropped)
    UNION ALL
    SELECT 'pg_proc'::regclass, routine.oid, routine.proowner, routine.proacl, acldefault('f', routine.proowner)
    FROM pg_proc AS routine JOIN space ON space.oid = routine.pronamespace
    WHERE routine.proacl IS NOT NULL
    UNION ALL
    SELECT 'pg_type'::regclass, type.oid, type.typowner, type.typacl, acldefault('T', type.typowner)
    FROM pg_type AS type JOIN space ON space.oid = type.typnamespace
    WHERE type.typacl IS NOT NULL
    UNION ALL
    SELECT
        'pg_namespace'::regclass, space.oid, space.nspowner, coalesce(space.nspacl, acldefault('n', space.nspowner)),
        acldefault('n', space.nspowner) || coalesce(initial.initprivs, '{}')
    FROM space
    LEFT JOIN pg_init_privs AS initial
        ON initial.classoid = 'pg_namespace'::regclass AND initial.objoid = space.oid AND initial.objsubid = 0 AND initial.privtype = 'i'
    WHERE space.nspacl IS DISTINCT FROM initial.initprivs
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, wrapper.oid, wrapper.fdwowner, wrapper.fdwacl, acldefault('F', wrapper.fdwowner)
    FROM pg_foreign_data_wrapper AS wrapper
    WHERE wrapper.fdwacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, server.oid, server.srvowner, server.srvacl, acldefault('S', server.srvowner)
    FROM pg_foreign_server AS server
    WHERE server.srvacl IS NOT NULL
),
-- The initial privileges of the owner come from acldefault alone: a namespace may have another owner than at first.
standard (catalog, id, grantee, privilege) AS (
    SELECT DISTINCT thing.catalog, thing.id, initial.grantee, initial.privilege_type
    FROM thing CROSS JOIN aclexplode(thing.initial) AS initial
    WHERE initial.grantee IN (0, thing.owner)
),
given (catalog, id, grantee, grantor, privilege, plain) AS (
    SELECT
        thing.catalog, thing.id, acl.grantee, acl.grantor,
        acl.privilege_type || CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END,
        acl.privilege_type
    FROM thing CROSS JOIN aclexplode(thing.acl) AS acl
    UNION ALL
    SELECT
        'pg_class'::regclass, attribute.attrelid, acl.grantee, acl.grantor,
        acl.privilege_type || ' (' || quote_ident(attribute.attname) || ')' || CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END,
        NULL
    FROM pg_attribute AS attribute
    JOIN relation ON relation.oid = attribute.attrelid
    CROSS JOIN aclexplode(attribute.attacl) AS acl
    WHERE attribute.attacl IS NOT NULL AND NOT attribute.attisdropped
),
-- PUBLIC has no list to begin with where nothing is left of what it has by default.
holder (catalog, id, grantee, privileges) AS (
    SELECT catalog, id, grantee, coalesce(array_agg(DISTINCT privilege COLLATE "C") FILTER (WHERE privilege IS NOT NULL), '{}')
    FROM (
        SELECT catalog, id, grantee, privilege FROM given
        UNION ALL
        SELECT catalog, id, grantee, NULL FROM standard WHERE grantee = 0
    ) AS listed
    GROUP BY catalog, id, grantee
),
usual (catalog, id, privileges) AS (
    SELECT catalog, id, array_agg(privilege ORDER BY privilege COLLATE "C") FROM standard WHERE grantee = 0 GROUP BY catalog, id
),
listed AS (
    SELECT
        thing.catalog, thing.id,
        json_object_agg(
            CASE holder.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(holder.grantee) END, to_json(holder.privileges)
            ORDER BY holder.grantee <> 0, pg_get_userbyid(holder.grantee) COLLATE "C"
        ) AS grants
    FROM thing
    JOIN holder ON holder.catalog = thing.catalog AND holder.id = thing.id AND holder.grantee <> thing.owner
    LEFT JOIN usual ON holder.grantee = 0 AND usual.catalog = thing.catalog AND usual.id = thing.id
    WHERE holder.privileges IS DISTINCT FROM usual.privileges
    GROUP BY thing.catalog, thing.id
),
lacking AS (
    SELECT DISTINCT standard.catalog, standard.id
    FROM standard
    LEFT JOIN given
        ON given.catalog = standard.catalog AND given.id = standard.id AND given.grantee = standard.grantee
        AND given.plain = standard.privilege
    WHERE standard.grantee <> 0 AND given.id IS NULL
),
foreign_ AS (
    SELECT DISTINCT thing.catalog, thing.id
    FROM thing JOIN given ON given.catalog = thing.catalog AND given.id = thing.id
    WHERE given.grantor <> thing.owner AND given.grantee <> thing.owner
)
SELECT
    thing.catalog::regclass::text AS catalog,
    thing.id::bigint AS id,
    coalesce(listed.grants, '{}') AS grants,
    array_to_json(nullif(array_remove(ARRAY[
        CASE WHEN lacking.id IS NOT NULL THEN 'privileges taken from the owner' END,
        CASE WHEN foreign_.id IS NOT NULL THEN 'grants made by another role than the owner' END
    ], NULL), '{}')) AS unmodelled
FROM thing
LEFT JOIN listed ON listed.catalog = thing.catalog AND listed.id = thing.id
LEFT JOIN lacking ON lacking.catalog = thing.catalog AND lacking.id = thing.id
LEFT JOIN foreign_ ON foreign_.catalog = thing.catalog AND foreign_.id = thing.id
WHERE (listed.id IS NOT NULL OR lacking.id IS NOT NULL OR foreign_.id IS NOT NULL)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = thing.catalog AND extension.objid = thing.id AND extension.deptype = 'e'
    )
ORDER BY 1, thing.id
