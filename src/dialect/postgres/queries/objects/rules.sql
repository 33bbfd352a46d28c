-- Rewrite rules other than those behind views. Written with the pretty form, which alone leaves the default namespace off the table.
SELECT
    rule.oid::bigint AS id,
    'rule' AS kind,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    rule.rulename AS name,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS table_schema,
    class.relname AS table,
    -- Behind AS the server begins a new line.
    regexp_replace(
        rtrim(substr(pg_get_ruledef(rule.oid, true), 1 + length('CREATE RULE ' || quote_ident(rule.rulename) || ' ')), E'; \n'),
        '^AS\s+ON ', 'AS ON '
    ) AS definition,
    nullif(rule.ev_enabled, 'O') AS enabled,
    description.description AS comment
FROM pg_rewrite AS rule
JOIN pg_class AS class ON class.oid = rule.ev_class
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_rewrite'::regclass AND description.objoid = rule.oid AND description.objsubid = 0
WHERE rule.rulename <> '_RETURN'
    AND rule.oid >= 16384
    AND class.relpersistence <> 't'
    AND starts_with(class.relname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_class'::regclass AND extension.objid = class.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, class.relname, rule.rulename
