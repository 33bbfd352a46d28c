-- Aggregates, ordinary, ordered-set and hypothetical ones, spelled from the catalog: the server has no function for it. What has its
-- default value is left out. Functions and operators carry their namespace only where the search path does not lead to them, which
-- regproc would also write where a name has several functions.
WITH callee AS (
    SELECT
        routine.oid,
        CASE WHEN pg_function_is_visible(routine.oid) THEN '' ELSE quote_ident(namespace.nspname) || '.' END
            || quote_ident(routine.proname) AS name
    FROM pg_proc AS routine
    JOIN pg_namespace AS namespace ON namespace.oid = routine.pronamespace
    WHERE routine.oid IN (
        SELECT part
        FROM pg_aggregate AS aggregate
        CROSS JOIN unnest(ARRAY[
            aggregate.aggtransfn, aggregate.aggfinalfn, aggregate.aggcombinefn, aggregate.aggserialfn, aggregate.aggdeserialfn,
            aggregate.aggmtransfn, aggregate.aggminvtransfn, aggregate.aggmfinalfn
        ]::oid[]) AS part
        WHERE aggregate.aggfnoid >= 16384
    )
)
SELECT
    routine.oid::bigint AS id,
    'aggregate' AS kind,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    routine.proname AS name,
    coalesce(nullif(pg_get_function_arguments(routine.oid), ''), '*') AS arguments,
    coalesce(nullif(pg_get_function_identity_arguments(routine.oid), ''), '*') AS types,
    '(' || concat_ws(', ',
        'SFUNC = ' || transition.name,
        'STYPE = ' || format_type(aggregate.aggtranstype, NULL),
        'SSPACE = ' || nullif(aggregate.aggtransspace, 0),
        'FINALFUNC = ' || final.name,
        CASE WHEN aggregate.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
        CASE WHEN final.oid IS NOT NULL AND aggregate.aggfinalmodify <> CASE aggregate.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN
            'FINALFUNC_MODIFY = ' || CASE aggregate.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END
        END,
        'COMBINEFUNC = ' || combine.name,
        'SERIALFUNC = ' || serial.name,
        'DESERIALFUNC = ' || deserial.name,
        'INITCOND = ' || quote_literal(aggregate.agginitval),
        'MSFUNC = ' || moving.name,
        'MINVFUNC = ' || inverse.name,
        CASE WHEN moving.oid IS NOT NULL THEN 'MSTYPE = ' || format_type(aggregate.aggmtranstype, NULL) END,
        'MSSPACE = ' || nullif(aggregate.aggmtransspace, 0),
        'MFINALFUNC = ' || moving_final.name,
        CASE WHEN aggregate.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
        CASE WHEN moving_final.oid IS NOT NULL AND aggregate.aggmfinalmodify <> CASE aggregate.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN
            'MFINALFUNC_MODIFY = ' || CASE aggregate.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END
        END,
        'MINITCOND = ' || quote_literal(aggregate.aggminitval),
        'SORTOP = ' || CASE
            WHEN pg_operator_is_visible(sorting.oid) THEN sorting.oprname
            ELSE 'OPERATOR(' || quote_ident(sorting_namespace.nspname) || '.' || sorting.oprname || ')'
        END,
        'PARALLEL = ' || CASE routine.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END,
        CASE WHEN aggregate.aggkind = 'h' THEN 'HYPOTHETICAL' END
    ) || ')' AS definition,
    description.description AS comment,
    pg_get_userbyid(routine.proowner) AS owner
FROM pg_aggregate AS aggregate
JOIN pg_proc AS routine ON routine.oid = aggregate.aggfnoid
JOIN pg_namespace AS namespace ON namespace.oid = routine.pronamespace
LEFT JOIN callee AS transition ON transition.oid = aggregate.aggtransfn
LEFT JOIN callee AS final ON final.oid = aggregate.aggfinalfn
LEFT JOIN callee AS combine ON combine.oid = aggregate.aggcombinefn
LEFT JOIN callee AS serial ON serial.oid = aggregate.aggserialfn
LEFT JOIN callee AS deserial ON deserial.oid = aggregate.aggdeserialfn
LEFT JOIN callee AS moving ON moving.oid = aggregate.aggmtransfn
LEFT JOIN callee AS inverse ON inverse.oid = aggregate.aggminvtransfn
LEFT JOIN callee AS moving_final ON moving_final.oid = aggregate.aggmfinalfn
LEFT JOIN pg_operator AS sorting ON sorting.oid = aggregate.aggsortop
LEFT JOIN pg_namespace AS sorting_namespace ON sorting_namespace.oid = sorting.oprnamespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_proc'::regclass AND description.objoid = routine.oid AND description.objsubid = 0
WHERE routine.oid >= 16384
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_proc'::regclass AND extension.objid = routine.oid AND extension.deptype = 'e'
    )
ORDER BY
    namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, routine.proname,
    pg_get_function_identity_arguments(routine.oid) COLLATE "C"
