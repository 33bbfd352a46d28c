//! The keys of a table and of its constraints and indexes.

use super::column::{COLUMN, part_column, part_sql};
use super::defined::{PLAIN, RULES, TRIGGERS, entries};
use super::object::TARGET;
use super::{
    Key, Object, Shape, TEXTS, comment, deferrable, enforced, grants, include, key, matches, no_inherit, not_valid, nulls_not_distinct, on_delete,
    on_delete_columns, on_duplicate, on_orphan, on_update,
};

const STORAGE: Shape = Shape::Map("storage parameters", &Shape::Scalar);

pub(super) const fn charset() -> Key {
    key("charset", Shape::Text, "charset = \"utf8mb4\"", "The character set of its text, where the collation does not tell (MySQL).")
}

pub(super) static TABLE: Object = Object {
    id: "table",
    title: "a table",
    required: &[],
    keys: &[
        key("columns", Shape::Map("columns", &Shape::Object(&COLUMN)), "[tables.users.columns]", "The columns in their order."),
        key(
            "primary_key",
            Shape::Any(&[KEY_PARTS, Shape::Object(&PRIMARY_KEY)]),
            "primary_key = [\"order_id\", \"product_id\"]",
            "A key of several columns.",
        ),
        key("uniques", named("unique constraints", &UNIQUES), "[tables.users.uniques]", "Unique constraints, by name."),
        key("checks", named("checks", &CHECKS), "[tables.users.checks]", "Checks, by name."),
        key("foreign_keys", named("foreign keys", &FOREIGN_KEYS), "[tables.users.foreign_keys.NAME]", "Foreign keys, by name."),
        key("exclusions", named("exclusion constraints", &EXCLUSIONS), "[tables.bookings.exclusions.NAME]", "EXCLUDE, by name (PostgreSQL)."),
        key("indexes", named("indexes", &INDEXES), "[tables.users.indexes.NAME]", "Indexes, by name."),
        key("triggers", entries("triggers", &TRIGGERS), "[tables.users.triggers]", "Triggers, by name."),
        key("rules", entries("rules", &RULES), "[tables.users.rules]", "Rewrite rules, by name (PostgreSQL)."),
        key("policies", entries("policies", &PLAIN), "[tables.users.policies]", "Row-level security policies, by name (PostgreSQL)."),
        comment(),
        grants(),
        key("renamed_from", Shape::Text, "renamed_from = \"old_name\"", "The name it had before; it is renamed rather than made anew."),
        key("strict", Shape::Flag, "strict = true", "STRICT: values must have the column's type (SQLite)."),
        key("without_rowid", Shape::Flag, "without_rowid = true", "WITHOUT ROWID: the primary key orders the rows (SQLite)."),
        key("unlogged", Shape::Flag, "unlogged = true", "Not written to the log, so its rows are lost in a crash (PostgreSQL)."),
        key("with", STORAGE, "with = { fillfactor = 70 }", "Storage parameters (PostgreSQL), other table options (MySQL)."),
        key("tablespace", Shape::Text, "tablespace = \"fast\"", "The tablespace, where not the database's (PostgreSQL)."),
        key("access_method", Shape::Text, "access_method = \"heap\"", "The table access method, where not the default (PostgreSQL)."),
        key("row_security", Shape::Flag, "row_security = true", "Policies say which rows a role sees and changes (PostgreSQL)."),
        key("force_row_security", Shape::Flag, "force_row_security = true", "The table's owner is bound by the policies as well (PostgreSQL)."),
        key(
            "replica_identity",
            Shape::Text,
            "replica_identity = \"full\"",
            "What logical replication tells a row by: \"full\", \"nothing\" or a unique index, where not the primary key (PostgreSQL).",
        ),
        key("clustered_on", Shape::Text, "clustered_on = \"users_pkey\"", "The index whose order CLUSTER takes (PostgreSQL)."),
        key(
            "partition_by",
            Shape::Sql,
            "partition_by = \"RANGE (created_at)\"",
            "How its rows are spread over partitions; with the partitions themselves (MySQL).",
        ),
        key(
            "partition",
            Shape::Object(&PARTITION),
            "partition = { of = \"events\", values = \"FROM ('2026-01-01') TO ('2027-01-01')\" }",
            "It is a partition; its columns are those of its table (PostgreSQL).",
        ),
        key("inherits", TEXTS, "inherits = [\"people\"]", "The tables it inherits its columns from (PostgreSQL)."),
        key("foreign", Shape::Object(&FOREIGN), "foreign = { server = \"files\" }", "Its rows are on a foreign server (PostgreSQL)."),
        key("engine", Shape::Text, "engine = \"InnoDB\"", "The storage engine; InnoDB unless said otherwise (MySQL)."),
        charset(),
        key("collation", Shape::Text, "collation = \"utf8mb4_bin\"", "How text is compared in columns that say nothing else (MySQL)."),
        key("row_format", Shape::Text, "row_format = \"COMPRESSED\"", "ROW_FORMAT (MySQL)."),
        key("auto_increment", Shape::Integer, "auto_increment = 1000", "Where its numbers begin when it is made (MySQL)."),
        key("system_versioning", Shape::Flag, "system_versioning = true", "WITH SYSTEM VERSIONING: it keeps what its rows were (MariaDB)."),
    ],
};

static PARTITION: Object = Object {
    id: "partition",
    title: "a partition",
    required: &["of", "values"],
    keys: &[
        key("of", Shape::Text, "of = \"events\"", "The table it is a partition of."),
        key(
            "values",
            Shape::Sql,
            "values = \"FROM ('2026-01-01') TO ('2027-01-01')\"",
            "Which rows: FROM (...) TO (...), IN (...), WITH (MODULUS 4, REMAINDER 0) or DEFAULT.",
        ),
    ],
};

static FOREIGN: Object = Object {
    id: "foreign",
    title: "the place of a foreign table",
    required: &["server"],
    keys: &[
        key("server", Shape::Text, "server = \"files\"", "The foreign server."),
        key("options", Shape::Map("options", &Shape::Text), "options = { filename = \"log.csv\" }", "OPTIONS (...) of the table."),
    ],
};

const fn named(what: &'static str, shape: &'static Shape) -> Shape {
    Shape::Map(what, shape)
}

static UNIQUES: Shape = Shape::Any(&[TEXTS, Shape::Object(&UNIQUE)]);
static CHECKS: Shape = Shape::Any(&[Shape::Sql, Shape::Object(&CHECK)]);
static FOREIGN_KEYS: Shape = Shape::Object(&FOREIGN_KEY);
static EXCLUSIONS: Shape = Shape::Object(&EXCLUSION);
pub(super) static INDEXES: Shape = Shape::Any(&[KEY_PARTS, Shape::Object(&INDEX)]);

const KEY_PARTS: Shape = Shape::List(&Shape::Any(&[Shape::Text, Shape::Object(&INDEX_PART)]));

static PRIMARY_KEY: Object = Object {
    id: "primary_key",
    title: "a primary key",
    required: &["columns"],
    keys: &[
        key("name", Shape::Text, "name = \"users_pkey\"", "Its name, where not {table}_pkey."),
        key("columns", KEY_PARTS, "columns = [\"order_id\", { column = \"code\", length = 8 }]", "Its columns in their order."),
        include(),
        deferrable(),
        comment(),
        key("using", Shape::Text, "using = \"HASH\"", "USING, where it is written out (MySQL)."),
        on_duplicate(),
    ],
};

static UNIQUE: Object = Object {
    id: "unique",
    title: "a unique constraint",
    required: &["columns"],
    keys: &[columns(), include(), nulls_not_distinct(), deferrable(), comment(), on_duplicate()],
};

static CHECK: Object = Object {
    id: "check",
    title: "a check",
    required: &["sql"],
    keys: &[key("sql", Shape::Sql, "sql = \"starts < ends\"", "What holds for every row."), no_inherit(), not_valid(), enforced(), comment()],
};

static FOREIGN_KEY: Object = Object {
    id: "foreign_key",
    title: "a foreign key",
    required: &["columns", "references"],
    keys: &[
        columns(),
        key(
            "references",
            Shape::Any(&[Shape::Text, Shape::Object(&TARGET)]),
            "references = { table = \"orders\", columns = [\"id\"] }",
            "Where it points; a string names the table, or \"table.column\".",
        ),
        key("references_columns", TEXTS, "references_columns = [\"id\"]", "The columns it points to, where references names only the table."),
        on_delete(),
        on_update(),
        matches(),
        deferrable(),
        not_valid(),
        on_delete_columns(),
        comment(),
        on_orphan(),
    ],
};

static EXCLUSION: Object = Object {
    id: "exclusion",
    title: "an exclusion constraint",
    required: &["columns"],
    keys: &[
        key("using", Shape::Text, "using = \"gist\"", "The index method; gist unless said otherwise."),
        key(
            "columns",
            Shape::List(&Shape::Object(&EXCLUSION_PART)),
            "columns = [{ column = \"during\", with = \"&&\" }]",
            "The parts and their operators.",
        ),
        predicate(),
        include(),
        deferrable(),
        comment(),
    ],
};

static EXCLUSION_PART: Object = Object {
    id: "exclusion_part",
    title: "a part of an exclusion constraint",
    required: &["with"],
    keys: &[
        part_column(),
        part_sql(),
        key("with", Shape::Text, "with = \"&&\"", "The operator that no two rows may satisfy."),
        opclass(),
        collation(),
    ],
};

static INDEX: Object = Object {
    id: "index",
    title: "an index",
    required: &["columns"],
    keys: &[
        key(
            "columns",
            Shape::List(&Shape::Any(&[Shape::Text, Shape::Object(&INDEX_PART)])),
            "columns = [\"list_id\", { column = \"due\", order = \"desc\" }]",
            "What it orders by: columns, or expressions as { sql = \"lower(email)\" }.",
        ),
        key("unique", Shape::Flag, "unique = true", "No two rows have the same values."),
        key("using", Shape::Text, "using = \"gin\"", "The index method; btree unless said otherwise; \"fulltext\" and \"spatial\" (MySQL)."),
        predicate(),
        include(),
        nulls_not_distinct(),
        key("with", STORAGE, "with = { fillfactor = 70 }", "Storage parameters (PostgreSQL); parser, invisible, using (MySQL)."),
        key("tablespace", Shape::Text, "tablespace = \"fast\"", "The tablespace, where not the database's (PostgreSQL)."),
        comment(),
        on_duplicate(),
    ],
};

static INDEX_PART: Object = Object {
    id: "index_part",
    title: "a part of an index",
    required: &[],
    keys: &[
        part_column(),
        part_sql(),
        key("length", Shape::Integer, "length = 20", "How many characters or bytes of the column, where not all (MySQL)."),
        key("order", Shape::Word(&["asc", "desc"]), "order = \"desc\"", "Ascending unless said otherwise."),
        key("nulls", Shape::Word(&["first", "last"]), "nulls = \"first\"", "Where NULLs stand, if not where the order puts them (PostgreSQL)."),
        collation(),
        opclass(),
    ],
};

const fn columns() -> Key {
    key("columns", TEXTS, "columns = [\"order_id\", \"product_id\"]", "Its columns in their order.")
}

const fn predicate() -> Key {
    key("where", Shape::Sql, "where = \"NOT completed\"", "Only rows for which this holds.")
}

const fn opclass() -> Key {
    key("opclass", Shape::Text, "opclass = \"text_pattern_ops\"", "The operator class, where not the default (PostgreSQL).")
}

const fn collation() -> Key {
    key("collation", Shape::Text, "collation = \"NOCASE\"", "How values are compared and sorted, where not as the column says.")
}
