//! The language of schema.toml as data: which keys an object takes and what may stand behind each.
//!
//! One list serves the parser (unknown keys, wrong types, proposals) and the JSON Schema, so that the two cannot drift apart.

mod column;
mod defined;
mod object;
mod table;
mod types;

pub(super) use object::ROOT;

/// What may stand behind a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// A string.
    Text,
    /// A string of SQL.
    Sql,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer,
    /// A plain value of the database: a string, a number, a truth value or a date.
    Scalar,
    /// One of these strings.
    Word(&'static [&'static str]),
    /// An array whose items have this shape.
    List(&'static Shape),
    /// A table with keys of the user's choice; the text says what they name.
    Map(&'static str, &'static Shape),
    /// A table with these keys.
    Object(&'static Object),
    /// The first of these that takes a value of the TOML type that was found.
    Any(&'static [Shape]),
}

/// A table with a fixed set of keys.
#[derive(Debug)]
pub(super) struct Object {
    /// Its name among the definitions of the JSON Schema.
    pub id: &'static str,
    /// How messages name it: `a column`.
    pub title: &'static str,
    pub required: &'static [&'static str],
    pub keys: &'static [Key],
}

#[derive(Debug)]
pub(super) struct Key {
    pub name: &'static str,
    pub shape: Shape,
    /// A line of schema.toml that is right.
    pub example: &'static str,
    /// What it says, in a sentence.
    pub doc: &'static str,
}

const fn key(name: &'static str, shape: Shape, example: &'static str, doc: &'static str) -> Key {
    Key { name, shape, example, doc }
}

impl Object {
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }
}

impl Shape {
    /// What messages say is expected.
    pub fn describe(&self) -> String {
        match self {
            Shape::Text => "a string".to_owned(),
            Shape::Sql => "a string of SQL".to_owned(),
            Shape::Flag => "true or false".to_owned(),
            Shape::Integer => "a whole number".to_owned(),
            Shape::Scalar => "a plain value (a string, a number, true or false, or a date)".to_owned(),
            Shape::Word(words) => format!("one of {}", quoted(words)),
            Shape::List(_) => "a list".to_owned(),
            Shape::Map(what, _) => format!("a table of {what}"),
            Shape::Object(object) => {
                let names: Vec<&str> = object.names().take(3).collect();
                let more = if object.keys.len() > names.len() { ", ..." } else { "" };
                format!("a table {{ {}{more} }}", names.join(", "))
            }
            Shape::Any(shapes) => shapes.iter().map(Shape::describe).collect::<Vec<_>>().join(" or "),
        }
    }
}

/// `"a", "b" or "c"`.
pub(super) fn quoted(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

const TEXTS: Shape = Shape::List(&Shape::Text);

/// What a default or a backfill may be: a value as TOML has it, or an expression.
const VALUE: Shape = Shape::Scalar;

/// The words of ON DELETE and ON UPDATE; the spelling with an underscore is for those who know it from other tools.
pub(super) const ACTIONS: &[&str] = &["no action", "restrict", "cascade", "set null", "set default", "no_action", "set_null", "set_default"];
const DEFERRABLE: Shape = Shape::Any(&[Shape::Flag, Shape::Word(&["immediate", "deferred"])]);
const ON_DUPLICATE: Shape = Shape::Word(&["error", "keep_first", "keep_last"]);
const ON_ORPHAN: Shape = Shape::Word(&["error", "delete", "set_null"]);
const MATCH: Shape = Shape::Word(&["simple", "full"]);

const DEFERRABLE_DOC: &str = "Whether the check may wait until the end of the transaction: true, or \"deferred\" to wait unless told otherwise.";
const ON_DUPLICATE_DOC: &str = "What becomes of rows that break the new key: an error, or all but the first or last of them are deleted.";
const ON_ORPHAN_DOC: &str = "What becomes of rows that point nowhere when the foreign key is new: an error, deleted, or set to NULL.";
const COMMENT_DOC: &str = "A comment that the server keeps.";
const INCLUDE_DOC: &str = "Columns that the index carries without ordering by them (PostgreSQL).";

const fn comment() -> Key {
    key("comment", Shape::Text, "comment = \"What it is for.\"", COMMENT_DOC)
}

const fn grants() -> Key {
    key(
        "grants",
        Shape::Map("roles", &TEXTS),
        "grants = { reader = [\"SELECT\"] }",
        "Who may do what: roles, or PUBLIC, and their privileges as GRANT writes them (PostgreSQL).",
    )
}

const fn deferrable() -> Key {
    key("deferrable", DEFERRABLE, "deferrable = \"deferred\"", DEFERRABLE_DOC)
}

const fn on_duplicate() -> Key {
    key("on_duplicate", ON_DUPLICATE, "on_duplicate = \"keep_first\"", ON_DUPLICATE_DOC)
}

const fn on_orphan() -> Key {
    key("on_orphan", ON_ORPHAN, "on_orphan = \"delete\"", ON_ORPHAN_DOC)
}

const fn include() -> Key {
    key("include", TEXTS, "include = [\"name\"]", INCLUDE_DOC)
}

const fn nulls_not_distinct() -> Key {
    key("nulls_not_distinct", Shape::Flag, "nulls_not_distinct = true", "Two NULLs count as equal (PostgreSQL 15).")
}

const fn on_delete() -> Key {
    key("on_delete", Shape::Word(ACTIONS), "on_delete = \"cascade\"", "What happens to the row when the row it points to is deleted.")
}

const fn on_update() -> Key {
    key("on_update", Shape::Word(ACTIONS), "on_update = \"cascade\"", "What happens to the row when the key it points to changes.")
}

const fn on_delete_columns() -> Key {
    key("on_delete_columns", TEXTS, "on_delete_columns = [\"owner_id\"]", "The columns that ON DELETE SET NULL sets, where not all (PostgreSQL 15).")
}

const fn matches() -> Key {
    key("match", MATCH, "match = \"full\"", "\"full\": a key of several columns is either all NULL or checked as a whole.")
}

const fn not_valid() -> Key {
    key("not_valid", Shape::Flag, "not_valid = true", "Existing rows are not looked at (PostgreSQL).")
}

const fn enforced() -> Key {
    key("enforced", Shape::Flag, "enforced = false", "Whether it holds; NOT ENFORCED where false (MySQL).")
}

const fn no_inherit() -> Key {
    key("no_inherit", Shape::Flag, "no_inherit = true", "Child tables do not inherit it (PostgreSQL).")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Calls `visit` with every object of the language.
    fn walk(shape: &'static Shape, seen: &mut HashSet<&'static str>, visit: &mut impl FnMut(&'static Object)) {
        match shape {
            Shape::Object(object) if seen.insert(object.id) => {
                visit(object);
                object.keys.iter().for_each(|key| walk(&key.shape, seen, visit));
            }
            Shape::List(inner) | Shape::Map(_, inner) => walk(inner, seen, visit),
            Shape::Any(shapes) => shapes.iter().for_each(|shape| walk(shape, seen, visit)),
            _ => {}
        }
    }

    #[test]
    fn no_key_is_listed_twice_and_every_example_shows_its_key() {
        static TOP: Shape = Shape::Object(&ROOT);
        walk(&TOP, &mut HashSet::new(), &mut |object| {
            let mut names = HashSet::new();
            for key in object.keys {
                assert!(names.insert(key.name), "{} twice in {}", key.name, object.title);
                assert!(key.example.contains(key.name) && key.doc.ends_with('.'), "{} of {}", key.name, object.title);
            }
            assert!(object.required.iter().all(|name| object.key(name).is_some()), "{}", object.title);
        });
    }
}
