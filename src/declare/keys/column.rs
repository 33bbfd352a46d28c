//! The keys of a column and of what is written at it.

use super::object::{cache, cycle, increment, max, min, start};
use super::table::charset;
use super::{
    Key, Object, Shape, VALUE, comment, deferrable, enforced, key, matches, no_inherit, not_valid, nulls_not_distinct, on_delete, on_delete_columns,
    on_duplicate, on_orphan, on_update,
};

pub(super) static COLUMN: Object = Object {
    id: "column",
    title: "a column",
    required: &["type"],
    keys: &[
        key("type", Shape::Text, "type = \"varchar(64)\"", "A portable type, one of the server's own, or \"enum:NAME\"."),
        key("nullable", Shape::Flag, "nullable = false", "Whether it may be NULL; true unless it is part of the primary key."),
        key("primary_key", Shape::Flag, "primary_key = true", "It alone is the primary key."),
        key("unique", Shape::Any(&[Shape::Flag, Shape::Object(&UNIQUE)]), "unique = true", "No two rows have the same value."),
        key("index", Shape::Any(&[Shape::Flag, Shape::Object(&INDEX)]), "index = true", "An index of this column alone."),
        key("default", Shape::Any(&[VALUE, Shape::Object(&EXPRESSION)]), "default = { sql = \"now()\" }", "The value of a row that names none."),
        key("identity", Shape::Any(&[Shape::Flag, Shape::Object(&IDENTITY)]), "identity = true", "The server hands out numbers."),
        key("autoincrement", Shape::Flag, "autoincrement = true", "Numbers are never used again (SQLite); it is an identity as well."),
        key(
            "generated",
            Shape::Any(&[Shape::Sql, Shape::Object(&GENERATED)]),
            "generated = \"price * amount\"",
            "The expression it is computed from.",
        ),
        key(
            "references",
            Shape::Any(&[Shape::Text, Shape::Object(&REFERENCES)]),
            "references = \"users.id\"",
            "The column it points to, \"table.column\".",
        ),
        key("check", Shape::Any(&[Shape::Sql, Shape::Object(&CHECK)]), "check = \"price >= 0\"", "What holds for every row."),
        key("collation", Shape::Text, "collation = \"NOCASE\"", "How its values are compared and sorted."),
        comment(),
        key(
            "backfill",
            Shape::Any(&[VALUE, Shape::Object(&BACKFILL)]),
            "backfill = { sql = \"lower(email)\", batch = 5000 }",
            "What rows get that have no value when it becomes NOT NULL.",
        ),
        key("using", Shape::Sql, "using = \"price_cents / 100.0\"", "The value of the new type, computed from the present one."),
        key("renamed_from", Shape::Text, "renamed_from = \"old_name\"", "The name it had before; it is renamed rather than made anew."),
        on_duplicate(),
        on_orphan(),
        key(
            "storage",
            Shape::Word(&["plain", "external", "extended", "main"]),
            "storage = \"external\"",
            "How values that are too long for a page are stored (PostgreSQL).",
        ),
        key(
            "compression",
            Shape::Word(&["pglz", "lz4"]),
            "compression = \"lz4\"",
            "How values that are too long for a page are compressed (PostgreSQL).",
        ),
        key("statistics", Shape::Integer, "statistics = 1000", "The target of ANALYZE, where not the default (PostgreSQL)."),
        key(
            "settings",
            Shape::Map("settings", &Shape::Scalar),
            "settings = { n_distinct = -0.5 }",
            "SET (...) of the column (PostgreSQL); COLUMN_FORMAT, COMPRESSED and the like (MySQL).",
        ),
        key(
            "options",
            Shape::Map("options", &Shape::Text),
            "options = { column_name = \"Id\" }",
            "OPTIONS (...) of a foreign table's column (PostgreSQL).",
        ),
        charset(),
        key("on_update", Shape::Sql, "on_update = \"CURRENT_TIMESTAMP\"", "The value that it gets whenever its row changes (MySQL)."),
        key("invisible", Shape::Flag, "invisible = true", "`SELECT *` leaves it out (MySQL)."),
        key("srid", Shape::Integer, "srid = 4326", "The spatial reference system of its values (MySQL)."),
    ],
};

static UNIQUE: Object = Object {
    id: "column_unique",
    title: "the unique constraint of a column",
    required: &[],
    keys: &[name(), deferrable(), nulls_not_distinct(), comment(), on_duplicate()],
};

static INDEX: Object = Object { id: "column_index", title: "the index of a column", required: &[], keys: &[name()] };

static EXPRESSION: Object = Object { id: "expression", title: "an expression", required: &["sql"], keys: &[sql("sql = \"now()\"")] };

static IDENTITY: Object = Object {
    id: "identity",
    title: "an identity",
    required: &[],
    keys: &[
        key("always", Shape::Flag, "always = true", "A statement may not give its own number (PostgreSQL)."),
        start(),
        increment(),
        min(),
        max(),
        cache(),
        cycle(),
    ],
};

static GENERATED: Object = Object {
    id: "generated",
    title: "a generated column",
    required: &["sql"],
    keys: &[
        sql("sql = \"price * amount\""),
        key("stored", Shape::Flag, "stored = false", "Whether its value is stored (true unless said otherwise) or computed on reading."),
    ],
};

static REFERENCES: Object = Object {
    id: "column_references",
    title: "the foreign key of a column",
    required: &["column"],
    keys: &[
        key("column", Shape::Text, "column = \"users.id\"", "The column it points to, \"table.column\" or \"schema.table.column\"."),
        name(),
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

static CHECK: Object = Object {
    id: "column_check",
    title: "the check of a column",
    required: &["sql"],
    keys: &[
        sql("sql = \"price >= 0\""),
        name(),
        key("inline", Shape::Flag, "inline = true", "It is part of the column and has no name (MariaDB)."),
        no_inherit(),
        not_valid(),
        enforced(),
        comment(),
    ],
};

static BACKFILL: Object = Object {
    id: "backfill",
    title: "a backfill",
    required: &["sql"],
    keys: &[sql("sql = \"lower(email)\""), key("batch", Shape::Integer, "batch = 5000", "Rows in a batch.")],
};

const fn name() -> Key {
    key("name", Shape::Text, "name = \"users_email_key\"", "Its name, where not the usual one.")
}

const fn sql(example: &'static str) -> Key {
    key("sql", Shape::Sql, example, "The expression, as the server reads it.")
}

/// What one part of an index or exclusion constraint says of itself.
pub(super) const fn part_column() -> Key {
    key("column", Shape::Text, "column = \"due\"", "The column.")
}

pub(super) const fn part_sql() -> Key {
    sql("sql = \"lower(email)\"")
}
