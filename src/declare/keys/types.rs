//! The keys of domains and composite types.

use super::defined::renamed_from;
use super::{Key, Object, Shape, comment, grants, key, not_valid};

pub(super) static DOMAIN: Object = Object {
    id: "domain",
    title: "a domain",
    required: &["type"],
    keys: &[
        key("type", Shape::Text, "type = \"text\"", "The type it is made of."),
        key("nullable", Shape::Flag, "nullable = false", "Whether a value may be NULL; true unless said otherwise."),
        key(
            "default",
            Shape::Any(&[Shape::Scalar, Shape::Object(&EXPRESSION)]),
            "default = { sql = \"now()\" }",
            "The value of a column that has no default of its own.",
        ),
        key("check", Shape::Sql, "check = \"VALUE ~ '@'\"", "What holds for every value; named {domain}_check."),
        key("checks", Shape::Map("checks", &Shape::Any(&[Shape::Sql, Shape::Object(&CHECK)])), "[domains.email.checks]", "Checks, by name."),
        collation(),
        comment(),
        grants(),
        renamed_from(),
    ],
};

static EXPRESSION: Object = Object {
    id: "domain_default",
    title: "an expression",
    required: &["sql"],
    keys: &[key("sql", Shape::Sql, "sql = \"now()\"", "The expression.")],
};

static CHECK: Object = Object {
    id: "domain_check",
    title: "a check of a domain",
    required: &["sql"],
    keys: &[key("sql", Shape::Sql, "sql = \"VALUE > 0\"", "What holds for every value."), not_valid(), comment()],
};

pub(super) static COMPOSITE: Object = Object {
    id: "composite",
    title: "a composite type",
    required: &["attributes"],
    keys: &[
        key(
            "attributes",
            Shape::Map("attributes", &Shape::Any(&[Shape::Text, Shape::Object(&ATTRIBUTE)])),
            "[types.address.attributes]",
            "Its attributes in their order: the type of each, or a table with more to say.",
        ),
        comment(),
        grants(),
        renamed_from(),
    ],
};

static ATTRIBUTE: Object = Object {
    id: "attribute",
    title: "an attribute",
    required: &["type"],
    keys: &[key("type", Shape::Text, "type = \"text\"", "Its type."), collation(), comment()],
};

const fn collation() -> Key {
    key("collation", Shape::Text, "collation = \"C\"", "How its values are compared and sorted.")
}
