-- Functions, window functions among them, and procedures, with what CREATE OR REPLACE has to keep of each: its result, how many
-- arguments have a default, and the arguments themselves. The server spells the whole command, whose head is cut off by its length.
SELECT
    routine.oid::bigint AS id,
    CASE routine.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    routine.proname AS name,
    spelled.arguments,
    oidvectortypes(routine.proargtypes) AS types,
    btrim(substr(spelled.command, 1 + length(
        'CREATE OR REPLACE ' || CASE routine.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END
        || quote_ident(namespace.nspname) || '.' || quote_ident(routine.proname) || '(' || spelled.arguments || ')'
    )), E' \n') AS definition,
    (
        SELECT json_agg(part ORDER BY place)
        FROM (
            VALUES (-1::bigint, coalesce(pg_get_function_result(routine.oid), '')), (0, routine.pronargdefaults::text)
            UNION ALL
            SELECT
                argument.place,
                CASE routine.proargmodes[argument.place]
                    WHEN 'o' THEN 'OUT' WHEN 'b' THEN 'INOUT' WHEN 'v' THEN 'VARIADIC' WHEN 't' THEN 'TABLE' ELSE 'IN'
                END
                || coalesce(' ' || quote_ident(nullif(routine.proargnames[argument.place], '')), '')
                || ' ' || format_type(argument.type, NULL)
            FROM unnest(coalesce(routine.proallargtypes, routine.proargtypes::oid[])) WITH ORDINALITY AS argument (type, place)
        ) AS parts (place, part)
    ) AS shape,
    description.description AS comment,
    pg_get_userbyid(routine.proowner) AS owner,
    CASE WHEN EXISTS (
        -- ALTER ... DEPENDS ON EXTENSION.
        SELECT FROM pg_depend AS tie WHERE tie.classid = 'pg_proc'::regclass AND tie.objid = routine.oid AND tie.deptype = 'x'
    ) THEN json_build_array('a dependency on an extension') END AS unmodelled
FROM pg_proc AS routine
JOIN pg_namespace AS namespace ON namespace.oid = routine.pronamespace
CROSS JOIN LATERAL (
    SELECT pg_get_function_arguments(routine.oid) AS arguments, pg_get_functiondef(routine.oid) AS command
    -- Keeps the server from spelling each command once for every place that uses it.
    OFFSET 0
) AS spelled
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_proc'::regclass AND description.objoid = routine.oid AND description.objsubid = 0
WHERE routine.prokind <> 'a'
    AND routine.oid >= 16384
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS part
        WHERE part.classid = 'pg_proc'::regclass AND part.objid = routine.oid
            -- The constructors of a range type belong to it.
            AND (part.deptype = 'e' OR part.deptype = 'i' AND part.refclassid = 'pg_type'::regclass)
    )
ORDER BY
    namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, routine.proname,
    oidvectortypes(routine.proargtypes) COLLATE "C"
