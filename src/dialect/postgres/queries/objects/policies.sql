-- Policies of row-level security, spelled without what holds when nothing is said: permissive, for all commands, to everybody.
SELECT
    policy.oid::bigint AS id,
    'policy' AS kind,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    policy.polname AS name,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS table_schema,
    class.relname AS table,
    concat_ws(' ',
        CASE WHEN NOT policy.polpermissive THEN 'AS RESTRICTIVE' END,
        'FOR ' || CASE policy.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' END,
        'TO ' || (
            SELECT string_agg(quote_ident(pg_get_userbyid(role)), ', ' ORDER BY pg_get_userbyid(role) COLLATE "C")
            FROM unnest(policy.polroles) AS role WHERE role <> 0
        ),
        'USING (' || pg_get_expr(policy.polqual, policy.polrelid) || ')',
        'WITH CHECK (' || pg_get_expr(policy.polwithcheck, policy.polrelid) || ')'
    ) AS definition,
    description.description AS comment
FROM pg_policy AS policy
JOIN pg_class AS class ON class.oid = policy.polrelid
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_policy'::regclass AND description.objoid = policy.oid AND description.objsubid = 0
WHERE policy.oid >= 16384
    AND class.relpersistence <> 't'
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND starts_with(class.relname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_class'::regclass AND extension.objid = class.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, class.relname, policy.polname
