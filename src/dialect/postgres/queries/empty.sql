-- The statements that empty a database of our own: its schemas with all that is in them, and what stands in no schema. Event triggers go
-- first, because they may look at what is dropped.
SELECT statement
FROM (
    SELECT 1 AS place, format('DROP EVENT TRIGGER %I', evtname) AS statement FROM pg_event_trigger
    UNION ALL
    SELECT 2, format('DROP PUBLICATION %I', pubname) FROM pg_publication
    UNION ALL
    SELECT 3, format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    UNION ALL
    -- An extension's goes with it, and that with its schema.
    SELECT 4, format('DROP FOREIGN DATA WRAPPER IF EXISTS %I CASCADE', fdwname)
    FROM pg_foreign_data_wrapper AS wrapper
    WHERE NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_foreign_data_wrapper'::regclass AND extension.objid = wrapper.oid AND extension.deptype = 'e'
    )
    UNION ALL
    -- An entry that says what holds anyway is no entry.
    SELECT 5, format(
        'ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE ALL ON %s FROM %s', pg_get_userbyid(privileges.defaclrole), kind.word,
        CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END
    )
    FROM pg_default_acl AS privileges
    CROSS JOIN aclexplode(privileges.defaclacl) AS acl
    JOIN (VALUES ('r', 'TABLES'), ('S', 'SEQUENCES'), ('f', 'FUNCTIONS'), ('T', 'TYPES'), ('n', 'SCHEMAS')) AS kind (letter, word)
        ON kind.letter = privileges.defaclobjtype
    WHERE privileges.defaclnamespace = 0 AND acl.grantee <> privileges.defaclrole
    UNION ALL
    SELECT 6, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT %s TO PUBLIC', pg_get_userbyid(privileges.defaclrole), kind.words)
    FROM pg_default_acl AS privileges
    JOIN (VALUES ('f', 'EXECUTE ON FUNCTIONS'), ('T', 'USAGE ON TYPES')) AS kind (letter, words) ON kind.letter = privileges.defaclobjtype
    WHERE privileges.defaclnamespace = 0
) AS emptying
ORDER BY place, statement
