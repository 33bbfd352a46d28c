-- Default privileges: what a role's future objects are granted. Those for all namespaces ("everywhere") stand in the place of the built-in
-- ones, so they are told apart from these: what PUBLIC has is listed, all of it, where it is not what PUBLIC has by default, and an empty
-- list stands for a default taken away. Those for one namespace come on top of what holds without them. The role's own are left out.
WITH
entry AS (
    SELECT
        privileges.oid,
        privileges.defaclrole AS owner,
        privileges.defaclnamespace AS space,
        privileges.defaclobjtype AS type,
        privileges.defaclacl AS acl,
        CASE WHEN privileges.defaclnamespace = 0 THEN acldefault(
            CASE privileges.defaclobjtype WHEN 'S' THEN 's'::"char" ELSE privileges.defaclobjtype END, privileges.defaclrole
        ) END AS initial
    FROM pg_default_acl AS privileges
),
given AS (
    SELECT
        entry.oid, acl.grantee,
        array_agg(
            acl.privilege_type || CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END ORDER BY acl.privilege_type COLLATE "C"
        ) AS privileges
    FROM entry CROSS JOIN aclexplode(entry.acl) AS acl
    WHERE acl.grantee <> entry.owner
    GROUP BY entry.oid, acl.grantee
),
usual AS (
    SELECT entry.oid, array_agg(acl.privilege_type ORDER BY acl.privilege_type COLLATE "C") AS privileges
    FROM entry CROSS JOIN aclexplode(entry.initial) AS acl
    WHERE acl.grantee = 0
    GROUP BY entry.oid
),
listed AS (
    SELECT
        oid,
        json_object_agg(
            CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, to_json(privileges)
            ORDER BY grantee <> 0, pg_get_userbyid(grantee) COLLATE "C"
        ) AS grants
    FROM (
        SELECT given.oid, given.grantee, given.privileges
        FROM given LEFT JOIN usual ON given.grantee = 0 AND usual.oid = given.oid
        WHERE given.privileges IS DISTINCT FROM usual.privileges
        UNION ALL
        SELECT usual.oid, 0, '{}'
        FROM usual
        WHERE NOT EXISTS (SELECT FROM given WHERE given.oid = usual.oid AND given.grantee = 0)
    ) AS different
    GROUP BY oid
),
lacking AS (
    SELECT DISTINCT entry.oid
    FROM entry CROSS JOIN aclexplode(entry.initial) AS initial
    WHERE initial.grantee = entry.owner AND NOT EXISTS (
        SELECT FROM aclexplode(entry.acl) AS acl WHERE acl.grantee = entry.owner AND acl.privilege_type = initial.privilege_type
    )
)
SELECT
    pg_get_userbyid(entry.owner) AS role,
    namespace.nspname AS schema,
    -- Without a namespace, as an entry for the default one is too.
    CASE entry.type
        WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas'
        ELSE 'large objects'
    END AS object,
    coalesce(listed.grants, '{}') AS grants,
    CASE WHEN lacking.oid IS NOT NULL THEN json_build_array('privileges taken from the owner') END AS unmodelled
FROM entry
LEFT JOIN pg_namespace AS namespace ON namespace.oid = entry.space
LEFT JOIN listed ON listed.oid = entry.oid
LEFT JOIN lacking ON lacking.oid = entry.oid
WHERE (listed.oid IS NOT NULL OR lacking.oid IS NOT NULL)
    AND (entry.space = 0 OR namespace.nspname !~ '^pg_'
        AND namespace.nspname <> 'information_schema'
        AND (namespace.nspname = current_setting('dbtool.namespace')
            OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE))
ORDER BY 1, 2 NULLS FIRST, 3
