-- Tables: ordinary, partitioned and foreign ones, partitions, and those that inherit from others.
SELECT
    class.oid::bigint AS id,
    nullif(namespace.nspname, current_setting('dbtool.namespace')) AS schema,
    class.relname AS name,
    description.description AS comment,
    class.relpersistence = 'u' AS unlogged,
    array_to_json(class.reloptions) AS storage,
    array_to_json(toast.reloptions) AS toast_storage,
    nullif(method.amname, 'heap') AS access_method,
    tablespace.spcname AS tablespace,
    class.relrowsecurity AS row_security,
    class.relforcerowsecurity AS force_row_security,
    -- A foreign table has none, which it says as others say NOTHING.
    CASE WHEN class.relkind <> 'f' THEN CASE class.relreplident
        WHEN 'f' THEN 'full'
        WHEN 'n' THEN 'nothing'
        WHEN 'i' THEN (
            SELECT index_class.relname
            FROM pg_index AS "index" JOIN pg_class AS index_class ON index_class.oid = "index".indexrelid
            WHERE "index".indrelid = class.oid AND "index".indisreplident
        )
    END END AS replica_identity,
    CASE WHEN class.relkind = 'p' THEN pg_get_partkeydef(class.oid) END AS partition_by,
    CASE WHEN class.relispartition THEN pg_get_expr(class.relpartbound, class.oid) END AS bound,
    parents.list AS parents,
    server.srvname AS server,
    array_to_json(foreign_table.ftoptions) AS foreign_options,
    array_to_json(nullif(array_remove(ARRAY[
        CASE WHEN class.reloftype <> 0 THEN 'a composite type it is made of (OF)' END,
        CASE WHEN NOT class.relispartition AND parents.list IS NOT NULL AND EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = class.oid AND attnum > 0 AND attislocal AND attinhcount > 0
        ) THEN 'columns of its own that its parent has too' END
    ], NULL), '{}')) AS unmodelled
FROM pg_class AS class
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
LEFT JOIN pg_class AS toast ON toast.oid = class.reltoastrelid
LEFT JOIN pg_am AS method ON method.oid = class.relam
LEFT JOIN pg_tablespace AS tablespace ON tablespace.oid = class.reltablespace
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_class'::regclass AND description.objoid = class.oid AND description.objsubid = 0
LEFT JOIN pg_foreign_table AS foreign_table ON foreign_table.ftrelid = class.oid
LEFT JOIN pg_foreign_server AS server ON server.oid = foreign_table.ftserver
LEFT JOIN (
    SELECT
        inheritance.inhrelid,
        json_agg(json_build_array(nullif(parent_namespace.nspname, current_setting('dbtool.namespace')), parent.relname) ORDER BY inheritance.inhseqno) AS list
    FROM pg_inherits AS inheritance
    JOIN pg_class AS parent ON parent.oid = inheritance.inhparent
    JOIN pg_namespace AS parent_namespace ON parent_namespace.oid = parent.relnamespace
    GROUP BY inheritance.inhrelid
) AS parents ON parents.inhrelid = class.oid
WHERE class.relkind IN ('r', 'p', 'f')
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
