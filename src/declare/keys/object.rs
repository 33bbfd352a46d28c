//! The keys of what is not a part of a table.

use super::defined::{CONFIGURATIONS, GRANTED, MATERIALIZED_VIEWS, PLAIN, ROUTINES, RULES, STATISTICS, VIEWS, entries, renamed_from};
use super::table::TABLE;
use super::types::{COMPOSITE, DOMAIN};
use super::{Key, Object, Shape, TEXTS, comment, grants, key};

const TABLES: Shape = Shape::Map("tables", &Shape::Object(&TABLE));
const ENUMS: Shape = Shape::Map("enumerations", &Shape::Any(&[TEXTS, Shape::Object(&ENUM)]));
const SEQUENCES: Shape = Shape::Map("sequences", &Shape::Object(&SEQUENCE));
const fn tables() -> Key {
    key("tables", TABLES, "[tables.users.columns]", "The tables, by name.")
}

const fn enums() -> Key {
    key("enums", ENUMS, "[enums]\nstatus = [\"open\", \"closed\"]", "The enumerations, by name. A column has one as its type with \"enum:NAME\".")
}

const fn sequences() -> Key {
    key("sequences", SEQUENCES, "[sequences]\ninvoice_no = { start = 1000 }", "The sequences, by name (PostgreSQL, MariaDB).")
}

static DOMAINS: Shape = Shape::Any(&[Shape::Text, Shape::Object(&DOMAIN)]);
static COMPOSITES: Shape = Shape::Object(&COMPOSITE);

const fn domains() -> Key {
    key("domains", Shape::Map("domains", &DOMAINS), "[domains.email]", "The domains, by name (PostgreSQL).")
}

const fn types() -> Key {
    key("types", Shape::Map("composite types", &COMPOSITES), "[types.address.attributes]", "The composite types, by name (PostgreSQL).")
}

/// A section of objects that are told by a text.
const fn section(name: &'static str, what: &'static str, shape: &'static Shape, example: &'static str, doc: &'static str) -> Key {
    key(name, entries(what, shape), example, doc)
}

const fn functions() -> Key {
    let example = "[functions]\n\"add(a integer, b integer)\" = \"RETURNS integer LANGUAGE sql AS 'SELECT a + b'\"";
    section("functions", "functions", &ROUTINES, example, "The functions, by name and arguments (PostgreSQL, MySQL).")
}

const fn procedures() -> Key {
    let example = "[procedures]\n\"tidy()\" = \"LANGUAGE sql AS 'DELETE FROM drafts'\"";
    section("procedures", "procedures", &ROUTINES, example, "The procedures, by name and arguments (PostgreSQL, MySQL).")
}

const fn aggregates() -> Key {
    let example = "[aggregates]\n\"total(integer)\" = \"(SFUNC = int4pl, STYPE = integer)\"";
    section("aggregates", "aggregates", &ROUTINES, example, "The aggregates, by name and arguments (PostgreSQL).")
}

const fn operators() -> Key {
    let example = "[operators]\n\"===(integer, integer)\" = \"(FUNCTION = same, LEFTARG = integer, RIGHTARG = integer)\"";
    section("operators", "operators", &PLAIN, example, "The operators, by sign and argument types (PostgreSQL).")
}

const fn dictionaries() -> Key {
    let example = "[text_search_dictionaries]\nplain = \"(TEMPLATE = simple)\"";
    section("text_search_dictionaries", "text search dictionaries", &PLAIN, example, "Text search dictionaries, by name (PostgreSQL).")
}

const fn configurations() -> Key {
    let example = "[text_search_configurations.notes]";
    section("text_search_configurations", "text search configurations", &CONFIGURATIONS, example, "Text search configurations, by name (PostgreSQL).")
}

const fn virtual_tables() -> Key {
    let example = "[virtual_tables]\nsearch = \"USING fts5(title, body)\"";
    section("virtual_tables", "virtual tables", &PLAIN, example, "Virtual tables, by name (SQLite).")
}

const fn views() -> Key {
    section("views", "views", &VIEWS, "[views]\nopen_todos = \"SELECT * FROM todos WHERE NOT completed\"", "The views, by name.")
}

const fn materialized_views() -> Key {
    let example = "[materialized_views]\ntotals = \"SELECT count(*) AS n FROM todos\"";
    section("materialized_views", "materialized views", &MATERIALIZED_VIEWS, example, "The materialized views, by name (PostgreSQL).")
}

const fn statistics() -> Key {
    section(
        "statistics",
        "statistics objects",
        &STATISTICS,
        "[statistics]\nplaces = \"ON city, zip FROM addresses\"",
        "Extended statistics, by name (PostgreSQL).",
    )
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
        domains(),
        types(),
        section(
            "range_types",
            "range types",
            &GRANTED,
            "[range_types]\nfloat_range = \"AS RANGE (SUBTYPE = float8)\"",
            "Range types, by name (PostgreSQL).",
        ),
        section(
            "collations",
            "collations",
            &PLAIN,
            "[collations]\ngerman = \"(PROVIDER = icu, LOCALE = 'de')\"",
            "Collations, by name (PostgreSQL).",
        ),
        functions(),
        procedures(),
        aggregates(),
        operators(),
        dictionaries(),
        configurations(),
        virtual_tables(),
        views(),
        materialized_views(),
        statistics(),
        section("casts", "casts", &PLAIN, "[casts]\n\"text AS app.email\" = \"WITH INOUT\"", "Casts, as \"SOURCE AS TARGET\" (PostgreSQL)."),
        section(
            "foreign_data_wrappers",
            "foreign-data wrappers",
            &GRANTED,
            "[foreign_data_wrappers]\nfiles = \"\"",
            "Foreign-data wrappers (PostgreSQL).",
        ),
        section(
            "foreign_servers",
            "foreign servers",
            &GRANTED,
            "[foreign_servers]\nlogs = \"FOREIGN DATA WRAPPER file_fdw\"",
            "Foreign servers, by name (PostgreSQL).",
        ),
        section(
            "event_triggers",
            "event triggers",
            &RULES,
            "[event_triggers]\nguard = \"ON ddl_command_start EXECUTE FUNCTION guard()\"",
            "Event triggers, by name (PostgreSQL).",
        ),
        section(
            "events",
            "events",
            &PLAIN,
            "[events]\ntidy = \"ON SCHEDULE EVERY 1 DAY DO DELETE FROM drafts\"",
            "What runs at given times, by name (MySQL).",
        ),
        section("publications", "publications", &PLAIN, "[publications]\nchanges = \"FOR TABLE todos\"", "Publications, by name (PostgreSQL)."),
        key(
            "default_privileges",
            Shape::Map("roles", &Shape::Map("kinds of objects", &Shape::Map("roles", &TEXTS))),
            "[default_privileges.owner]\n\"tables in app\" = { reader = [\"SELECT\"] }",
            "What is granted on the objects that a role makes from now on: \"tables\", \"functions in SCHEMA\", ... (PostgreSQL).",
        ),
        key(
            "raw",
            Shape::Map("statements", &Shape::Object(&RAW)),
            "[raw.NAME]",
            "What the language has no word for, as statements that make it and take it away.",
        ),
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

static NAMESPACE: Object = Object {
    id: "namespace",
    title: "a schema",
    required: &[],
    keys: &[
        comment(),
        grants(),
        tables(),
        enums(),
        sequences(),
        domains(),
        types(),
        section("range_types", "range types", &GRANTED, "[schemas.app.range_types]", "Range types, by name."),
        section("collations", "collations", &PLAIN, "[schemas.app.collations]", "Collations, by name."),
        functions(),
        procedures(),
        aggregates(),
        operators(),
        dictionaries(),
        configurations(),
        virtual_tables(),
        views(),
        materialized_views(),
        statistics(),
    ],
};

/// A way out: statements of the user's own.
static RAW: Object = Object {
    id: "raw",
    title: "a raw object",
    required: &["up", "down"],
    keys: &[
        key("up", Shape::Sql, "up = \"CREATE CONVERSION ...\"", "The statements that make it."),
        key("down", Shape::Sql, "down = \"DROP CONVERSION ...\"", "The statements that take it away."),
        key("depends_on", TEXTS, "depends_on = [\"todos\"]", "What has to be made before it."),
    ],
};

static ENUM: Object = Object {
    id: "enum",
    title: "an enumeration",
    required: &["values"],
    keys: &[key("values", TEXTS, "values = [\"low\", \"high\"]", "The values in their order."), comment(), grants(), renamed_from()],
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
        grants(),
        renamed_from(),
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
