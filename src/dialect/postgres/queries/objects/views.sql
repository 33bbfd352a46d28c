-- Views and materialized views: the query behind each, and what CREATE OR REPLACE has to keep of its columns.
SELECT
    class.oid::bigint AS id,
    CASE class.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    class.relname AS name,
    -- Without the semicolon, which the server always writes.
    rtrim(rtrim(btrim(pg_get_viewdef(class.oid, false), E' \n'), ';'), E' \n') AS definition,
    options.list AS options,
    columns.shape,
    description.description AS comment,
    comments.list AS column_comments,
    pg_get_userbyid(class.relowner) AS owner,
    array_to_json(nullif(array_remove(ARRAY[
        CASE WHEN columns.has_default THEN 'a default of a column' END,
        CASE WHEN columns.has_settings THEN 'settings of a column' END,
        CASE WHEN class.relkind = 'm' AND class.relreplident <> 'd' THEN 'a replica identity' END,
        CASE WHEN method.amname <> 'heap' THEN 'an access method' END,
        CASE WHEN class.reltablespace <> 0 THEN 'a tablespace' END,
        CASE WHEN class.relkind = 'm' AND EXISTS (
            -- ALTER ... DEPENDS ON EXTENSION.
            SELECT FROM pg_depend AS tie WHERE tie.classid = 'pg_class'::regclass AND tie.objid = class.oid AND tie.deptype = 'x'
        ) THEN 'a dependency on an extension' END
    ], NULL), '{}')) AS unmodelled
FROM pg_class AS class
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
JOIN (
    SELECT
        attribute.attrelid,
        json_agg(
            quote_ident(attribute.attname) || ' ' || format_type(attribute.atttypid, attribute.atttypmod) || coalesce(' COLLATE ' || CASE
                WHEN collation_namespace.nspname IN ('pg_catalog', current_setting('dbtool.namespace')) THEN quote_ident(collation_.collname)
                ELSE quote_ident(collation_namespace.nspname) || '.' || quote_ident(collation_.collname)
            END, '')
            ORDER BY attribute.attnum
        ) AS shape,
        bool_or(attribute.atthasdef) AS has_default,
        bool_or(
            viewed.relkind = 'm' AND (
                coalesce(attribute.attstattarget, -1) >= 0
                OR attribute.attstorage <> type.typstorage
                OR attribute.attcompression <> ''
            )
            OR attribute.attoptions IS NOT NULL
        ) AS has_settings
    FROM pg_class AS viewed
    JOIN pg_attribute AS attribute ON attribute.attrelid = viewed.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
    JOIN pg_type AS type ON type.oid = attribute.atttypid
    LEFT JOIN pg_collation AS collation_ ON collation_.oid = attribute.attcollation AND attribute.attcollation <> type.typcollation
    LEFT JOIN pg_namespace AS collation_namespace ON collation_namespace.oid = collation_.collnamespace
    WHERE viewed.relkind IN ('v', 'm') AND viewed.oid >= 16384
    GROUP BY attribute.attrelid
) AS columns ON columns.attrelid = class.oid
LEFT JOIN pg_class AS toast ON toast.oid = class.reltoastrelid
LEFT JOIN pg_am AS method ON method.oid = class.relam
LEFT JOIN LATERAL (
    SELECT json_agg(option ORDER BY option COLLATE "C") AS list
    FROM (
        SELECT unnest(class.reloptions) AS option
        UNION ALL
        SELECT 'toast.' || unnest(toast.reloptions)
    ) AS given
) AS options ON class.reloptions IS NOT NULL OR toast.reloptions IS NOT NULL
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_class'::regclass AND description.objoid = class.oid AND description.objsubid = 0
LEFT JOIN (
    SELECT described.oid, json_object_agg(attribute.attname, words.description ORDER BY attribute.attnum) AS list
    FROM pg_class AS described
    JOIN pg_description AS words
        ON words.classoid = 'pg_class'::regclass AND words.objoid = described.oid AND words.objsubid > 0
    JOIN pg_attribute AS attribute ON attribute.attrelid = described.oid AND attribute.attnum = words.objsubid
    WHERE described.relkind IN ('v', 'm')
    GROUP BY described.oid
) AS comments ON comments.oid = class.oid
WHERE class.relkind IN ('v', 'm')
    AND class.oid >= 16384
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
ORDER BY namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, class.relname
