-- Event triggers, which belong to the database and to no namespace.
SELECT
    trigger.oid::bigint AS id,
    'event trigger' AS kind,
    trigger.evtname AS name,
    concat_ws(' ',
        'ON ' || quote_ident(trigger.evtevent),
        'WHEN TAG IN (' || (
            SELECT string_agg(quote_literal(tag), ', ' ORDER BY place) FROM unnest(trigger.evttags) WITH ORDINALITY AS tags (tag, place)
        ) || ')',
        'EXECUTE FUNCTION ' || CASE WHEN pg_function_is_visible(routine.oid) THEN '' ELSE quote_ident(namespace.nspname) || '.' END
            || quote_ident(routine.proname) || '()'
    ) AS definition,
    nullif(trigger.evtenabled, 'O') AS enabled,
    description.description AS comment,
    pg_get_userbyid(trigger.evtowner) AS owner
FROM pg_event_trigger AS trigger
JOIN pg_proc AS routine ON routine.oid = trigger.evtfoid
JOIN pg_namespace AS namespace ON namespace.oid = routine.pronamespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_event_trigger'::regclass AND description.objoid = trigger.oid AND description.objsubid = 0
WHERE trigger.oid >= 16384
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_event_trigger'::regclass AND extension.objid = trigger.oid AND extension.deptype = 'e'
    )
ORDER BY trigger.evtname
