-- What stands on what: one row for each object, or column of it, and each object or column that it cannot be without. The server keeps
-- this by its own parts; here both ends are things that a person knows, so a view stands for the rewrite rule behind it, a constraint
-- for its index, a type for its array, a table for its row type, an extension for its members. What the server came with (an oid below
-- 16384, which is FirstNormalObjectId) and namespaces are no part of it.
WITH
-- Arrays and multiranges are their element and range, row types their relation; an array may be one of multiranges.
shown_type (id, class, shown) AS (
    SELECT
        type.oid,
        CASE WHEN own.typrelid <> 0 THEN 'pg_class'::regclass::oid ELSE 'pg_type'::regclass END,
        CASE WHEN own.typrelid <> 0 THEN own.typrelid ELSE coalesce(range.rngtypid, own.oid) END
    FROM pg_type AS type
    LEFT JOIN pg_type AS element ON element.typarray = type.oid
    JOIN pg_type AS own ON own.oid = coalesce(element.oid, type.oid)
    LEFT JOIN pg_range AS range ON range.rngmultitypid = own.oid
    WHERE type.oid >= 16384
),
-- The parts that are shown as something else, or as nothing (NULL).
part (class, id, shown_class, shown, sub) AS (
    SELECT 'pg_type'::regclass::oid, id, class, shown, 0 FROM shown_type WHERE shown <> id OR class <> 'pg_type'::regclass
    UNION ALL
    SELECT 'pg_rewrite'::regclass, oid, 'pg_class'::regclass, ev_class, 0 FROM pg_rewrite WHERE rulename = '_RETURN'
    UNION ALL
    SELECT 'pg_attrdef'::regclass, oid, 'pg_attrdef'::regclass, adrelid, adnum FROM pg_attrdef
    UNION ALL
    SELECT 'pg_publication_rel'::regclass, oid, 'pg_publication'::regclass, prpubid, 0 FROM pg_publication_rel
    UNION ALL
    -- Checks belong to their domain. Constraints of tables that only say NOT NULL are no objects of their own.
    SELECT 'pg_constraint'::regclass, oid, CASE WHEN contypid <> 0 THEN 'pg_type'::regclass END, nullif(contypid, 0), 0
    FROM pg_constraint
    WHERE contypid <> 0 OR contype = 'n'
    UNION ALL
    -- Behind a constraint trigger stands a constraint, and behind a foreign key stand triggers.
    SELECT 'pg_constraint'::regclass, tgconstraint, 'pg_trigger'::regclass, oid, 0
    FROM pg_trigger
    WHERE tgconstraint <> 0 AND NOT tgisinternal AND tgparentid = 0
    UNION ALL
    SELECT 'pg_trigger'::regclass, oid, NULL, NULL, 0 FROM pg_trigger WHERE tgisinternal OR tgparentid <> 0
    UNION ALL
    SELECT 'pg_class'::regclass, conindid, 'pg_constraint'::regclass, oid, 0 FROM pg_constraint WHERE contype IN ('p', 'u', 'x')
    UNION ALL
    SELECT 'pg_class'::regclass, oid, NULL, NULL, 0 FROM pg_class WHERE relkind = 't' OR relpersistence = 't'
    UNION ALL
    -- The sequence of an identity column is the column.
    SELECT 'pg_class'::regclass, sequence.seqrelid, 'pg_class'::regclass, owned.refobjid, owned.refobjsubid
    FROM pg_sequence AS sequence
    JOIN pg_depend AS owned
        ON owned.classid = 'pg_class'::regclass AND owned.objid = sequence.seqrelid
        AND owned.refclassid = 'pg_class'::regclass AND owned.refobjsubid > 0 AND owned.deptype = 'i'
    UNION ALL
    -- The constructors of a range type and the cast to its multirange.
    SELECT made.classid, made.objid, type.class, type.shown, 0
    FROM pg_depend AS made
    JOIN shown_type AS type ON type.id = made.refobjid
    WHERE made.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass) AND made.refclassid = 'pg_type'::regclass AND made.deptype = 'i'
    UNION ALL
    -- What an operator class or family is made of.
    SELECT made.classid, made.objid, made.refclassid, made.refobjid, 0
    FROM pg_depend AS made
    WHERE made.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
        AND made.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass) AND made.deptype IN ('a', 'i')
        AND made.objid >= 16384
),
listed AS (
    SELECT depend.classid, depend.objid, depend.objsubid, depend.refclassid, depend.refobjid, depend.refobjsubid
    FROM pg_depend AS depend
    WHERE depend.deptype <> 'e'
        AND depend.objid >= 16384
        AND depend.refobjid >= 16384
        AND depend.refclassid <> 'pg_namespace'::regclass
        -- What a constraint or an index says of columns and keys, and who owns a sequence, is read with them.
        AND NOT (depend.classid = 'pg_constraint'::regclass AND depend.refclassid IN ('pg_class'::regclass, 'pg_constraint'::regclass))
        AND NOT (
            depend.classid = 'pg_class'::regclass AND depend.refclassid = 'pg_class'::regclass AND depend.deptype = 'a'
            AND depend.objsubid = 0 AND depend.refobjsubid > 0
        )
        -- PostgreSQL 14 has no such catalog. Its rows link a publication with a namespace and with nothing else.
        AND depend.classid IS DISTINCT FROM to_regclass('pg_catalog.pg_publication_namespace')
),
edge (class, id, sub, on_class, on_id, on_sub) AS (
    SELECT
        CASE WHEN part.id IS NULL THEN listed.classid ELSE part.shown_class END,
        CASE WHEN part.id IS NULL THEN listed.objid ELSE part.shown END,
        CASE WHEN part.id IS NOT NULL THEN part.sub WHEN listed.classid = 'pg_class'::regclass THEN listed.objsubid ELSE 0 END,
        CASE WHEN on_part.id IS NULL THEN listed.refclassid ELSE on_part.shown_class END,
        CASE WHEN on_part.id IS NULL THEN listed.refobjid ELSE on_part.shown END,
        CASE WHEN on_part.id IS NOT NULL THEN on_part.sub WHEN listed.refclassid = 'pg_class'::regclass THEN listed.refobjsubid ELSE 0 END
    FROM listed
    LEFT JOIN part ON part.class = listed.classid AND part.id = listed.objid
    LEFT JOIN part AS on_part ON on_part.class = listed.refclassid AND on_part.id = listed.refobjid
    WHERE (part.id IS NULL OR part.shown IS NOT NULL) AND (on_part.id IS NULL OR on_part.shown IS NOT NULL)
),
-- What extensions have, and what belongs to their tables without being listed as theirs.
direct (class, id, extension) AS (
    SELECT classid, objid, refobjid FROM pg_depend WHERE deptype = 'e'
),
member (class, id, extension) AS (
    SELECT class, id, extension FROM direct
    UNION
    SELECT owned.class, owned.id, direct.extension
    FROM direct
    JOIN (
        SELECT 'pg_attrdef'::regclass::oid AS class, adrelid AS id, adrelid AS relation FROM pg_attrdef
        UNION ALL
        SELECT 'pg_constraint'::regclass, oid, conrelid FROM pg_constraint WHERE conrelid <> 0
        UNION ALL
        SELECT 'pg_class'::regclass, indexrelid, indrelid FROM pg_index
        UNION ALL
        SELECT 'pg_rewrite'::regclass, oid, ev_class FROM pg_rewrite
        UNION ALL
        SELECT 'pg_trigger'::regclass, oid, tgrelid FROM pg_trigger
        UNION ALL
        SELECT 'pg_policy'::regclass, oid, polrelid FROM pg_policy
    ) AS owned ON owned.relation = direct.id
    WHERE direct.class = 'pg_class'::regclass
),
resolved AS (
    SELECT DISTINCT
        CASE
            -- A generated column in 14. Later servers give what it is made of to its expression.
            WHEN edge.class = 'pg_class'::regclass AND edge.on_class = edge.class AND edge.id = edge.on_id THEN 'pg_attrdef'::regclass
            ELSE edge.class
        END AS class,
        edge.id, edge.sub,
        CASE WHEN member.id IS NULL THEN edge.on_class ELSE 'pg_extension'::regclass END AS on_class,
        coalesce(member.extension, edge.on_id) AS on_id,
        CASE WHEN member.id IS NULL THEN edge.on_sub ELSE 0 END AS on_sub
    FROM edge
    LEFT JOIN member AS own ON own.class = edge.class AND own.id = edge.id
    LEFT JOIN member ON member.class = edge.on_class AND member.id = edge.on_id
    WHERE own.id IS NULL
        AND NOT (
            edge.class = edge.on_class AND edge.id = edge.on_id AND (edge.sub = edge.on_sub OR edge.sub = 0 OR edge.on_sub = 0)
        )
        -- A default is known by its column.
        AND NOT (
            edge.class = 'pg_attrdef'::regclass AND edge.on_class = 'pg_class'::regclass AND edge.id = edge.on_id AND edge.sub = edge.on_sub
        )
)
SELECT
    class::regclass::text AS class,
    id::bigint AS id,
    sub,
    on_class::regclass::text AS on_class,
    on_id::bigint AS on_id,
    on_sub
FROM resolved
ORDER BY resolved.class, resolved.id, resolved.sub, resolved.on_class, resolved.on_id, resolved.on_sub
