//! The keys of objects that are told by a text of SQL: views, routines, triggers and their like.

use super::table::INDEXES;
use super::{Key, Object, Shape, TEXTS, comment, grants, key};

/// The entries of a section: a text each, or a table with more to say.
macro_rules! section {
    ($name:ident, $object:ident) => {
        pub(super) static $name: Shape = Shape::Any(&[Shape::Sql, Shape::Object(&$object)]);
    };
}

section!(VIEWS, VIEW);
section!(MATERIALIZED_VIEWS, MATERIALIZED_VIEW);
section!(ROUTINES, ROUTINE);
section!(TRIGGERS, TRIGGER);
section!(RULES, RULE);
section!(PLAIN, DEFINED);
section!(GRANTED, GRANTED_OBJECT);
section!(STATISTICS, STATISTICS_OBJECT);
section!(CONFIGURATIONS, CONFIGURATION);

pub(super) const fn entries(what: &'static str, shape: &'static Shape) -> Shape {
    Shape::Map(what, shape)
}

static VIEW: Object = Object {
    id: "view",
    title: "a view",
    required: &["query"],
    keys: &[
        query(),
        columns(),
        with(),
        key("triggers", entries("triggers", &TRIGGERS), "[views.open_todos.triggers]", "INSTEAD OF triggers, by name."),
        key("rules", entries("rules", &RULES), "[views.open_todos.rules]", "Rewrite rules, by name (PostgreSQL)."),
        comment(),
        column_comments(),
        grants(),
        renamed_from(),
        depends_on(),
    ],
};

static MATERIALIZED_VIEW: Object = Object {
    id: "materialized_view",
    title: "a materialized view",
    required: &["query"],
    keys: &[
        query(),
        columns(),
        key("with", Shape::Map("storage parameters", &Shape::Scalar), "with = { fillfactor = 70 }", "Storage parameters."),
        key("indexes", Shape::Map("indexes", &INDEXES), "[materialized_views.totals.indexes.NAME]", "Its indexes, by name."),
        comment(),
        column_comments(),
        grants(),
        renamed_from(),
        depends_on(),
    ],
};

static ROUTINE: Object = Object {
    id: "routine",
    title: "a routine",
    required: &["definition"],
    keys: &[
        key(
            "definition",
            Shape::Sql,
            "definition = \"RETURNS integer LANGUAGE sql AS 'SELECT a + b'\"",
            "All that stands behind the arguments in CREATE FUNCTION, PROCEDURE or AGGREGATE.",
        ),
        with(),
        comment(),
        grants(),
        renamed_from(),
        depends_on(),
    ],
};

static TRIGGER: Object = Object {
    id: "trigger",
    title: "a trigger",
    required: &["definition"],
    keys: &[
        key(
            "definition",
            Shape::Sql,
            "definition = \"BEFORE UPDATE ON todos FOR EACH ROW EXECUTE FUNCTION touch()\"",
            "All that stands behind the trigger's name in CREATE TRIGGER.",
        ),
        key("constraint", Shape::Flag, "constraint = true", "CREATE CONSTRAINT TRIGGER: it may fire at the commit (PostgreSQL)."),
        key(
            "with",
            Shape::Map("options", &Shape::Scalar),
            "with = { follows = \"touch\" }",
            "The trigger of the same time and event behind which it fires; its definer (MySQL).",
        ),
        enabled(),
        comment(),
        depends_on(),
    ],
};

static RULE: Object = Object { id: "rule", title: "a rule", required: &["definition"], keys: &[definition(), enabled(), comment(), depends_on()] };

static DEFINED: Object =
    Object { id: "defined", title: "such an object", required: &["definition"], keys: &[definition(), with(), comment(), depends_on()] };

static GRANTED_OBJECT: Object = Object {
    id: "granted",
    title: "such an object",
    required: &["definition"],
    keys: &[definition(), comment(), grants(), renamed_from(), depends_on()],
};

static STATISTICS_OBJECT: Object = Object {
    id: "statistics",
    title: "a statistics object",
    required: &["definition"],
    keys: &[
        key(
            "definition",
            Shape::Sql,
            "definition = \"(ndistinct) ON city, zip FROM addresses\"",
            "All that stands behind its name in CREATE STATISTICS.",
        ),
        key("target", Shape::Integer, "target = 1000", "The target of ANALYZE, where not the default."),
        comment(),
    ],
};

static CONFIGURATION: Object = Object {
    id: "text_search_configuration",
    title: "a text search configuration",
    required: &["definition"],
    keys: &[
        key("definition", Shape::Sql, "definition = '(PARSER = \"default\")'", "What stands behind its name in CREATE TEXT SEARCH CONFIGURATION."),
        key(
            "mappings",
            Shape::Map("kinds of tokens", &Shape::Text),
            "mappings = { asciiword = \"english_stem\" }",
            "The dictionaries of each kind of token, in their order.",
        ),
        comment(),
    ],
};

const fn definition() -> Key {
    key("definition", Shape::Sql, "definition = \"...\"", "All that stands behind the name in CREATE.")
}

const fn query() -> Key {
    key("query", Shape::Sql, "query = \"SELECT id FROM todos\"", "What stands behind AS.")
}

const fn columns() -> Key {
    key("columns", TEXTS, "columns = [\"id\", \"name\"]", "The names of its columns, where the query does not name them.")
}

const fn with() -> Key {
    key(
        "with",
        Shape::Map("options", &Shape::Scalar),
        "with = { security_barrier = true }",
        "Its options (PostgreSQL); algorithm, security, definer, check_option (MySQL).",
    )
}

const fn column_comments() -> Key {
    key("column_comments", Shape::Map("columns", &Shape::Text), "column_comments = { id = \"The key.\" }", "Comments on its columns.")
}

const fn enabled() -> Key {
    key(
        "enabled",
        Shape::Any(&[Shape::Flag, Shape::Word(&["replica", "always"])]),
        "enabled = false",
        "Whether it fires: true, false, or in which role of the session (PostgreSQL).",
    )
}

pub(super) const fn renamed_from() -> Key {
    key("renamed_from", Shape::Text, "renamed_from = \"old_name\"", "The name it had before; it is renamed rather than made anew.")
}

const fn depends_on() -> Key {
    key("depends_on", TEXTS, "depends_on = [\"todos\"]", "What has to be made before it, where its text does not say so.")
}
