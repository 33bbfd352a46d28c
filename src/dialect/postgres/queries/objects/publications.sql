-- Publications, which belong to the database and to no namespace. Spelled without what holds by default.
-- prqual and prattrs came with 15: where pg_publication_rel has no such column, the name means the one of "missing" around it.
-- pg_publication_namespace came with 15 too and cannot be named where it is not, so its rows are found by what they depend on.
WITH
member AS (
    SELECT found.*
    FROM (SELECT NULL::pg_node_tree AS prqual, NULL::int2vector AS prattrs) AS missing
    CROSS JOIN LATERAL (
        SELECT entry.prpubid AS publication, entry.prrelid AS relation, prqual AS filter, prattrs AS columns FROM pg_publication_rel AS entry
    ) AS found
),
part (publication, is_namespace, other, space, name, text) AS (
    SELECT
        member.publication, false, namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, class.relname,
        -- The children of a table are members of their own.
        CASE WHEN class.relkind = 'r' AND class.relhassubclass THEN 'ONLY ' ELSE '' END || class.oid::regclass::text
        || coalesce(' (' || (
            SELECT string_agg(quote_ident(attribute.attname), ', ' ORDER BY attribute.attnum)
            FROM pg_attribute AS attribute
            WHERE attribute.attrelid = class.oid AND attribute.attnum = ANY (member.columns)
        ) || ')', '')
        || coalesce(' WHERE (' || pg_get_expr(member.filter, class.oid) || ')', '')
    FROM member
    JOIN pg_class AS class ON class.oid = member.relation
    JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    UNION ALL
    SELECT
        publication.refobjid, true, namespace.nspname <> current_setting('dbtool.namespace'), namespace.nspname, '',
        CASE
            -- By what it is rather than by its name, as all else in the default namespace.
            WHEN namespace.nspname = current_setting('dbtool.namespace') THEN 'CURRENT_SCHEMA'
            ELSE quote_ident(namespace.nspname)
        END
    FROM pg_depend AS publication
    JOIN pg_depend AS published
        ON published.classid = publication.classid AND published.objid = publication.objid AND published.refclassid = 'pg_namespace'::regclass
    JOIN pg_namespace AS namespace ON namespace.oid = published.refobjid
    WHERE publication.classid = to_regclass('pg_catalog.pg_publication_namespace') AND publication.refclassid = 'pg_publication'::regclass
)
SELECT
    publication.oid::bigint AS id,
    'publication' AS kind,
    publication.pubname AS name,
    concat_ws(' ',
        CASE WHEN publication.puballtables THEN 'FOR ALL TABLES' ELSE 'FOR ' || members.list END,
        'WITH (' || nullif(concat_ws(', ',
            CASE WHEN NOT (publication.pubinsert AND publication.pubupdate AND publication.pubdelete AND publication.pubtruncate) THEN
                'publish = ' || quote_literal(concat_ws(', ',
                    CASE WHEN publication.pubinsert THEN 'insert' END,
                    CASE WHEN publication.pubupdate THEN 'update' END,
                    CASE WHEN publication.pubdelete THEN 'delete' END,
                    CASE WHEN publication.pubtruncate THEN 'truncate' END
                ))
            END,
            -- From 18 on.
            CASE WHEN to_jsonb(publication) ->> 'pubgencols' = 's' THEN 'publish_generated_columns = stored' END,
            CASE WHEN publication.pubviaroot THEN 'publish_via_partition_root = true' END
        ), '') || ')'
    ) AS definition,
    description.description AS comment,
    pg_get_userbyid(publication.pubowner) AS owner
FROM pg_publication AS publication
LEFT JOIN (
    -- The words are said once for each list: 14 does not take TABLE again within it.
    SELECT
        part.publication AS id,
        concat_ws(', ',
            'TABLE ' || string_agg(part.text, ', ' ORDER BY part.other, part.space, part.name) FILTER (WHERE NOT part.is_namespace),
            'TABLES IN SCHEMA ' || string_agg(part.text, ', ' ORDER BY part.other, part.space) FILTER (WHERE part.is_namespace)
        ) AS list
    FROM part
    GROUP BY part.publication
) AS members ON members.id = publication.oid
LEFT JOIN pg_description AS description
    ON description.classoid = 'pg_publication'::regclass AND description.objoid = publication.oid AND description.objsubid = 0
WHERE publication.oid >= 16384
    AND NOT EXISTS (
        SELECT FROM pg_depend AS extension
        WHERE extension.classid = 'pg_publication'::regclass AND extension.objid = publication.oid AND extension.deptype = 'e'
    )
ORDER BY publication.pubname
