-- Extensions; plpgsql is in every database.
SELECT
    extension.oid::bigint AS id,
    extension.extname AS name,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema
FROM pg_extension AS extension
JOIN pg_namespace AS namespace ON namespace.oid = extension.extnamespace
WHERE extension.extname <> 'plpgsql'
ORDER BY extension.extname
