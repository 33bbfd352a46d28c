-- Text search dictionaries and configurations. The mappings of a configuration are its options: the dictionaries of each kind of token.
SELECT found.*
FROM (
    SELECT
        dictionary.oid::bigint AS id,
        'text search dictionary' AS kind,
        nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
        dictionary.dictname AS name,
        '(' || concat_ws(', ',
            'TEMPLATE = ' || CASE WHEN pg_ts_template_is_visible(template.oid) THEN '' ELSE quote_ident(template_namespace.nspname) || '.' END
                || quote_ident(template.tmplname),
            -- As the server keeps it, which is the list as it was written.
            dictionary.dictinitoption
        ) || ')' AS definition,
        NULL::json AS options,
        description.description AS comment,
        pg_get_userbyid(dictionary.dictowner) AS owner
    FROM pg_ts_dict AS dictionary
    JOIN pg_namespace AS namespace ON namespace.oid = dictionary.dictnamespace
    JOIN pg_ts_template AS template ON template.oid = dictionary.dicttemplate
    JOIN pg_namespace AS template_namespace ON template_namespace.oid = template.tmplnamespace
    LEFT JOIN pg_description AS description
        ON description.classoid = 'pg_ts_dict'::regclass AND description.objoid = dictionary.oid AND description.objsubid = 0
    WHERE dictionary.oid >= 16384
        AND namespace.nspname !~ '^pg_'
        AND namespace.nspname <> 'information_schema'
        AND (namespace.nspname = current_setting('dbtool.namespace')
            OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
        AND NOT EXISTS (
            SELECT FROM pg_depend AS extension
            WHERE extension.classid = 'pg_ts_dict'::regclass AND extension.objid = dictionary.oid AND extension.deptype = 'e'
        )
    UNION ALL
    SELECT
        config.oid::bigint,
        'text search configuration',
        nullif(namespace.nspname, current_setting('dbtool.namespace')),
        config.cfgname,
        '(PARSER = ' || CASE WHEN pg_ts_parser_is_visible(parser.oid) THEN '' ELSE quote_ident(parser_namespace.nspname) || '.' END
            || quote_ident(parser.prsname) || ')',
        (
            SELECT json_agg(token.alias || '=' || token.dictionaries ORDER BY token.alias COLLATE "C")
            FROM (
                SELECT
                    kind.alias,
                    string_agg(
                        CASE WHEN pg_ts_dict_is_visible(used.oid) THEN '' ELSE quote_ident(used_namespace.nspname) || '.' END
                            || quote_ident(used.dictname),
                        ', ' ORDER BY mapping.mapseqno
                    ) AS dictionaries
                FROM pg_ts_config_map AS mapping
                JOIN ts_token_type(config.cfgparser) AS kind ON kind.tokid = mapping.maptokentype
                JOIN pg_ts_dict AS used ON used.oid = mapping.mapdict
                JOIN pg_namespace AS used_namespace ON used_namespace.oid = used.dictnamespace
                WHERE mapping.mapcfg = config.oid
                GROUP BY kind.alias
            ) AS token
        ),
        description.description,
        pg_get_userbyid(config.cfgowner)
    FROM pg_ts_config AS config
    JOIN pg_namespace AS namespace ON namespace.oid = config.cfgnamespace
    JOIN pg_ts_parser AS parser ON parser.oid = config.cfgparser
    JOIN pg_namespace AS parser_namespace ON parser_namespace.oid = parser.prsnamespace
    LEFT JOIN pg_description AS description
        ON description.classoid = 'pg_ts_config'::regclass AND description.objoid = config.oid AND description.objsubid = 0
    WHERE config.oid >= 16384
        AND namespace.nspname !~ '^pg_'
        AND namespace.nspname <> 'information_schema'
        AND (namespace.nspname = current_setting('dbtool.namespace')
            OR starts_with(namespace.nspname, nullif(current_setting('dbtool.prefix'), '')) IS NOT TRUE)
        AND NOT EXISTS (
            SELECT FROM pg_depend AS extension
            WHERE extension.classid = 'pg_ts_config'::regclass AND extension.objid = config.oid AND extension.deptype = 'e'
        )
) AS found
ORDER BY found.kind DESC, found.schema COLLATE "C" NULLS FIRST, found.name
