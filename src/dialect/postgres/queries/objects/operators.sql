-- Operators. Functions and operators carry their namespace only where the search path does not lead to them. What has no function yet is
-- only named by another operator, as its commutator or negator, and does not count.
SELECT
    operator.oid::bigint AS id,
    'operator' AS kind,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    operator.oprname AS name,
    coalesce(format_type(nullif(operator.oprleft, 0), NULL), 'NONE') || ', '
        || coalesce(format_type(nullif(operator.oprright, 0), NULL), 'NONE') AS types,
    '(' || concat_ws(', ',
        'FUNCTION = ' || CASE WHEN pg_function_is_visible(routine.oid) THEN '' ELSE quote_ident(routine_namespace.nspname) || '.' END
            || quote_ident(routine.proname),
        'LEFTARG = ' || format_type(nullif(operator.oprleft, 0), NULL),
        'RIGHTARG = ' || format_type(nullif(operator.oprright, 0), NULL),
        'COMMUTATOR = ' || CASE
            WHEN pg_operator_is_visible(commutator.oid) THEN commutator.oprname
            ELSE 'OPERATOR(' || quote_ident(commutator_namespace.nspname) || '.' || commutator.oprname || ')'
        END,
        'NEGATOR = ' || CASE
            WHEN pg_operator_is_visible(negator.oid) THEN negator.oprname
            ELSE 'OPERATOR(' || quote_ident(negator_namespace.nspname) || '.' || negator.oprname || ')'
        END,
        'RESTRICT = ' || CASE WHEN pg_function_is_visible(restriction.oid) THEN '' ELSE quote_ident(restriction_namespace.nspname) || '.' END
            || quote_ident(restriction.proname),
        'JOIN = ' || CASE WHEN pg_function_is_visible(joining.oid) THEN '' ELSE quote_ident(joining_namespace.nspname) || '.' END
            || quote_ident(joining.proname),
        CASE WHEN operator.oprcanhash THEN 'HASHES' END,
        CASE WHEN operator.oprcanmerge THEN 'MERGES' END
    ) || ')' AS definition,
    description.description AS comment,
    pg_get_userbyid(operator.oprowner) AS owner
FROM pg_operator AS operator
JOIN pg_namespace AS namespace ON namespace.oid = operator.oprnamespace
JOIN pg_proc AS routine ON routine.oid = operator.oprcode
JOIN pg_namespace AS routine_namespace ON routine_namespace.oid = routine.pronamespace
LEFT JOIN pg_operator AS commutator ON commutator.oid = operator.oprcom
LEFT JOIN pg_namespace AS commutator_namespace ON commutator_namespace.oid = commutator.oprnamespace
LEFT JOIN pg_operator AS negator ON negator.oid = operator.oprnegate
LEFT JOIN pg_namespace AS negator_namespace ON negator_namespace.oid = negator.oprnamespace
LEFT JOIN pg_proc AS restriction ON restriction.oid = operator.oprrest
LEFT JOIN pg_namespace AS restriction_namespace ON restriction_namespace.oid = restriction.pronamespace
LEFT JOIN pg_proc AS joining ON joining.oid = operator.oprjoin
LEFT JOIN pg_namespace AS joining_namespace ON joining_namespace.oid = joining.pronamespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_operator'::regclass AND description.objoid = operator.oid AND description.objsubid = 0
WHERE operator.oid >= 16384
    AND namespace.nspname !~ '^pg_'
    AND namespace.nspname <> 'information_schema'
    AND (namespace.nspname = current_setting('dbtool.namespace')
        OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_operator'::regclass AND extension.objid = operator.oid AND extension.deptype = 'e'
    )
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, operator.oprname,
    format_type(nullif(operator.oprleft, 0), NULL) COLLATE "C" NULLS FIRST, format_type(nullif(operator.oprright, 0), NULL) COLLATE "C"
