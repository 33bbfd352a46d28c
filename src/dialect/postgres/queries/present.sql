-- Which kinds of objects there are at all beyond what the server came with (an oid below 16384, which is FirstNormalObjectId): most
-- databases have few of them, and a query for each that is not there would take longer than all this. An extension's count as well, so a
-- kind that is said to be there may still turn out empty.
SELECT array_to_json(array_remove(ARRAY[
    CASE WHEN EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND typtype = 'e') THEN 'enums' END,
    CASE WHEN EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND typtype = 'd') THEN 'domains' END,
    CASE WHEN EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND relkind = 'c') THEN 'composite types' END,
    CASE WHEN EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND relkind = 'S') THEN 'sequences' END,
    CASE WHEN EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND relkind IN ('v', 'm')) THEN 'views' END,
    CASE WHEN EXISTS (SELECT FROM pg_proc WHERE oid >= 16384 AND prokind <> 'a') THEN 'routines' END,
    CASE WHEN EXISTS (SELECT FROM pg_proc WHERE oid >= 16384 AND prokind = 'a') THEN 'aggregates' END,
    CASE WHEN EXISTS (SELECT FROM pg_operator WHERE oid >= 16384) THEN 'operators' END,
    CASE WHEN EXISTS (SELECT FROM pg_cast WHERE oid >= 16384) THEN 'casts' END,
    CASE WHEN EXISTS (SELECT FROM pg_collation WHERE oid >= 16384) THEN 'collations' END,
    CASE WHEN EXISTS (SELECT FROM pg_range WHERE rngtypid >= 16384) THEN 'range types' END,
    CASE WHEN EXISTS (SELECT FROM pg_ts_dict WHERE oid >= 16384) OR EXISTS (SELECT FROM pg_ts_config WHERE oid >= 16384)
        THEN 'text search objects' END,
    CASE WHEN EXISTS (SELECT FROM pg_foreign_data_wrapper) THEN 'foreign servers' END,
    CASE WHEN EXISTS (SELECT FROM pg_statistic_ext) THEN 'statistics objects' END,
    CASE WHEN EXISTS (SELECT FROM pg_trigger WHERE NOT tgisinternal) THEN 'triggers' END,
    CASE WHEN EXISTS (SELECT FROM pg_rewrite WHERE oid >= 16384 AND rulename <> '_RETURN') THEN 'rules' END,
    CASE WHEN EXISTS (SELECT FROM pg_policy) THEN 'policies' END,
    CASE WHEN EXISTS (SELECT FROM pg_event_trigger) THEN 'event triggers' END,
    CASE WHEN EXISTS (SELECT FROM pg_publication) THEN 'publications' END,
    CASE WHEN EXISTS (SELECT FROM pg_default_acl) THEN 'default privileges' END,
    CASE WHEN EXISTS (SELECT FROM pg_class WHERE relacl IS NOT NULL AND oid >= 16384)
        OR EXISTS (SELECT FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= 16384)
        OR EXISTS (SELECT FROM pg_proc WHERE proacl IS NOT NULL AND oid >= 16384)
        OR EXISTS (SELECT FROM pg_type WHERE typacl IS NOT NULL AND oid >= 16384)
        OR EXISTS (SELECT FROM pg_foreign_data_wrapper)
        OR EXISTS (
            SELECT FROM pg_namespace AS namespace
            WHERE (oid >= 16384 OR nspname = 'public') AND nspacl IS DISTINCT FROM (
                SELECT initprivs FROM pg_init_privs WHERE classoid = 'pg_namespace'::regclass AND objoid = namespace.oid
            )
        )
        THEN 'privileges' END,
    CASE WHEN EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND relowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user))
        OR EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND typowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user))
        THEN 'owners' END,
    CASE WHEN EXISTS (SELECT FROM pg_opclass WHERE oid >= 16384)
        OR EXISTS (SELECT FROM pg_opfamily WHERE oid >= 16384)
        OR EXISTS (SELECT FROM pg_conversion WHERE oid >= 16384)
        OR EXISTS (SELECT FROM pg_ts_parser WHERE oid >= 16384)
        OR EXISTS (SELECT FROM pg_ts_template WHERE oid >= 16384)
        OR EXISTS (SELECT FROM pg_language WHERE oid >= 16384)
        OR EXISTS (SELECT FROM pg_am WHERE oid >= 16384)
        OR EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND typtype = 'b' AND typelem = 0)
        THEN 'other objects' END
], NULL)) AS kinds
