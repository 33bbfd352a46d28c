//! The keys of what is not a part of a table.

use super::table::TABLE;
use super::{Key, Object, Shape, TEXTS, comment, key};

const TABLES: Shape = Shape::Map("tables", &Shape::Object(&TABLE));
const ENUMS: Shape = Shape::Map("enumerations", &Shape::Any(&[TEXTS, Shape::Object(&ENUM)]));
const SEQUENCES: Shape = Shape::Map("sequences", &Shape::Object(&SEQUENCE));
const VIEWS: Shape = Shape::Map("views", &Shape::Any(&[Shape::Sql, Shape::Object(&VIEW)]));
pub(super) const TRIGGERS: Shape = Shape::Map("triggers", &Shape::Any(&[Shape::Sql, Shape::Object(&TRIGGER)]));

const fn tables() -> Key {
    key("tables", TABLES, "[tables.users.columns]", "The tables, by name.")
}

const fn enums() -> Key {
    key("enums", ENUMS, "[enums]\nstatus = [\"open\", \"closed\"]", "The enumerations, by name. A column has one as its type with \"enum:NAME\".")
}

const fn sequences() -> Key {
    key("sequences", SEQUENCES, "[sequences]\ninvoice_no = { start = 1000 }", "The sequences, by name (PostgreSQL).")
}

const fn views() -> Key {
    key("views", VIEWS, "[views]\nopen_todos = \"SELECT * FROM todos WHERE NOT completed\"", "The views, by name.")
}

/// The document.
pub(in crate::declare) static ROOT: Object = Object {
    id: "root",
    title: "schema.toml",
    required: &[],
    keys: &[
        tables(),
        enums(),
        sequences(),
        views(),
        key(
            "schemas",
            Shape::Map("schemas", &Shape::Object(&NAMESPACE)),
            "[schemas.app.tables.users.columns]",
            "PostgreSQL schemas besides the default one.",
        ),
        key(
            "extensions",
            TEXTS,
            "extensions = [\"btree_gist\"]",
            "PostgreSQL extensions that the schema needs; SCHEMA.NAME for one outside the default schema.",
        ),
    ],
};

static NAMESPACE: Object = Object { id: "namespace", title: "a schema", required: &[], keys: &[comment(), tables(), enums(), sequences(), views()] };

static ENUM: Object = Object {
    id: "enum",
    title: "an enumeration",
    required: &["values"],
    keys: &[
        key("values", TEXTS, "values = [\"low\", \"high\"]", "The values in their order."),
        comment(),
        key("renamed_from", Shape::Text, "renamed_from = \"old_name\"", "The name it had before; it is renamed rather than made anew."),
    ],
};

static VIEW: Object = Object {
    id: "view",
    title: "a view",
    required: &["query"],
    keys: &[
        key("query", Shape::Sql, "query = \"SELECT id FROM todos\"", "What stands behind AS."),
        key("columns", TEXTS, "columns = [\"id\", \"name\"]", "The names of its columns, where the query does not name them."),
        comment(),
        key("triggers", TRIGGERS, "[views.open_todos.triggers]", "INSTEAD OF triggers, by name (SQLite)."),
    ],
};

static TRIGGER: Object = Object {
    id: "trigger",
    title: "a trigger",
    required: &["definition"],
    keys: &[key(
        "definition",
        Shape::Sql,
        "definition = \"AFTER INSERT ON todos BEGIN SELECT 1; END\"",
        "All that stands behind the trigger's name in CREATE TRIGGER.",
    )],
};

const SEQUENCE_TYPES: Shape = Shape::Word(&["smallint", "integer", "bigint"]);

static SEQUENCE: Object = Object {
    id: "sequence",
    title: "a sequence",
    required: &[],
    keys: &[
        key("type", SEQUENCE_TYPES, "type = \"integer\"", "The type of its numbers; bigint unless said otherwise."),
        start(),
        increment(),
        min(),
        max(),
        cache(),
        cycle(),
        key("owned_by", Shape::Text, "owned_by = \"invoices.number\"", "The column with which it is dropped."),
        key("unlogged", Shape::Flag, "unlogged = true", "Not written to the log, so its value is lost in a crash (PostgreSQL 15)."),
        comment(),
    ],
};

pub(super) const fn start() -> Key {
    key("start", Shape::Integer, "start = 1000", "The first number.")
}

pub(super) const fn increment() -> Key {
    key("increment", Shape::Integer, "increment = 10", "From one number to the next.")
}

pub(super) const fn min() -> Key {
    key("min", Shape::Integer, "min = 1", "The smallest number.")
}

pub(super) const fn max() -> Key {
    key("max", Shape::Integer, "max = 9999", "The greatest number.")
}

pub(super) const fn cache() -> Key {
    key("cache", Shape::Integer, "cache = 20", "How many numbers a session takes at once.")
}

pub(super) const fn cycle() -> Key {
    key("cycle", Shape::Flag, "cycle = true", "Begins again when the numbers are used up.")
}

/// Where a foreign key of the table points.
pub(super) static TARGET: Object = Object {
    id: "target",
    title: "the target of a foreign key",
    required: &["table"],
    keys: &[
        key("table", Shape::Text, "table = \"orders\"", "The table it points to."),
        key("schema", Shape::Text, "schema = \"app\"", "The schema of that table, where it is another one; \"\" is the default one."),
        key("columns", TEXTS, "columns = [\"id\"]", "The columns it points to; the primary key unless said otherwise."),
    ],
};
