-- Extended statistics. Until 16 a target that is not set is -1, from 17 on it is NULL.
SELECT
    statistics.oid::bigint AS id,
    'statistics' AS kind,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    statistics.stxname AS name,
    nullif(class_namespace.nspname, current_setting('dbtool.namespace')) AS table_schema,
    class.relname AS table,
    btrim(substr(pg_get_statisticsobjdef(statistics.oid), 1 + length(
        'CREATE STATISTICS ' || quote_ident(namespace.nspname) || '.' || quote_ident(statistics.stxname)
    ))) AS definition,
    CASE WHEN statistics.stxstattarget >= 0 THEN json_build_array('target=' || statistics.stxstattarget) END AS options,
    description.description AS comment,
    pg_get_userbyid(statistics.stxowner) AS owner
FROM pg_statistic_ext AS statistics
JOIN pg_namespace AS namespace ON namespace.oid = statistics.stxnamespace
JOIN pg_class AS class ON class.oid = statistics.stxrelid
JOIN pg_namespace AS class_namespace ON class_namespace.oid = class.relnamespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_statistic_ext'::regclass AND description.objoid = statistics.oid AND description.objsubid = 0
WHERE statistics.oid >= 16384
    AND class.relpersistence <> 't'
    AND starts_with(class.relname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_statistic_ext'::regclass AND extension.objid = statistics.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, statistics.stxname
