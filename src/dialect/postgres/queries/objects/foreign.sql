-- Foreign-data wrappers and servers, which belong to the database and to no namespace. Who logs in there (user mappings) is not described.
SELECT
    wrapper.oid::bigint AS id,
    'foreign-data wrapper' AS kind,
    wrapper.fdwname AS name,
    concat_ws(' ',
        'HANDLER ' || CASE WHEN pg_function_is_visible(handler.oid) THEN '' ELSE quote_ident(handler_namespace.nspname) || '.' END
            || quote_ident(handler.proname),
        'VALIDATOR ' || CASE WHEN pg_function_is_visible(validator.oid) THEN '' ELSE quote_ident(validator_namespace.nspname) || '.' END
            || quote_ident(validator.proname),
        'OPTIONS (' || (
            SELECT string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ' ORDER BY option_name COLLATE "C")
            FROM pg_options_to_table(wrapper.fdwoptions)
        ) || ')'
    ) AS definition,
    description.description AS comment,
    pg_get_userbyid(wrapper.fdwowner) AS owner,
    NULL::json AS unmodelled
FROM pg_foreign_data_wrapper AS wrapper
LEFT JOIN pg_proc AS handler ON handler.oid = wrapper.fdwhandler
LEFT JOIN pg_namespace AS handler_namespace ON handler_namespace.oid = handler.pronamespace
LEFT JOIN pg_proc AS validator ON validator.oid = wrapper.fdwvalidator
LEFT JOIN pg_namespace AS validator_namespace ON validator_namespace.oid = validator.pronamespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_foreign_data_wrapper'::regclass AND description.objoid = wrapper.oid AND description.objsubid = 0
WHERE wrapper.oid >= 16384
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_foreign_data_wrapper'::regclass AND extension.objid = wrapper.oid AND extension.deptype = 'e'
    )
UNION ALL
SELECT
    server.oid::bigint,
    'foreign server',
    server.srvname,
    concat_ws(' ',
        'TYPE ' || quote_literal(server.srvtype),
        'VERSION ' || quote_literal(server.srvversion),
        'FOREIGN DATA WRAPPER ' || quote_ident(wrapper.fdwname),
        'OPTIONS (' || (
            SELECT string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ' ORDER BY option_name COLLATE "C")
            FROM pg_options_to_table(server.srvoptions)
        ) || ')'
    ),
    description.description,
    pg_get_userbyid(server.srvowner),
    CASE WHEN server.oid IN (SELECT srvid FROM pg_user_mappings) THEN json_build_array('user mappings') END
FROM pg_foreign_server AS server
JOIN pg_foreign_data_wrapper AS wrapper ON wrapper.oid = server.srvfdw
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_foreign_server'::regclass AND description.objoid = server.oid AND description.objsubid = 0
WHERE server.oid >= 16384
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_foreign_server'::regclass AND extension.objid = server.oid AND extension.deptype = 'e'
    )
ORDER BY kind, name
