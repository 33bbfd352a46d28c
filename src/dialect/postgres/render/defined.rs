//! Objects that are told by their definition: the statements that make them, and the words by which others name them.

use super::{comment, create_index, grants, list, storage};
use crate::dialect::Dialect as _;
use crate::dialect::postgres::Postgres;
use crate::dialect::postgres::quote::quote;
use crate::model::{Enabled, Grants, Object, ObjectId, ObjectKind, Of};

/// The word of CREATE, ALTER, DROP and COMMENT ON.
fn word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::RangeType => "TYPE",
        ObjectKind::Collation => "COLLATION",
        ObjectKind::Function => "FUNCTION",
        ObjectKind::Procedure => "PROCEDURE",
        ObjectKind::Aggregate => "AGGREGATE",
        ObjectKind::Operator => "OPERATOR",
        ObjectKind::Cast => "CAST",
        ObjectKind::TextSearchDictionary => "TEXT SEARCH DICTIONARY",
        ObjectKind::TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
        ObjectKind::ForeignDataWrapper => "FOREIGN DATA WRAPPER",
        ObjectKind::ForeignServer => "SERVER",
        ObjectKind::VirtualTable => "VIRTUAL TABLE",
        ObjectKind::View => "VIEW",
        ObjectKind::MaterializedView => "MATERIALIZED VIEW",
        ObjectKind::Statistics => "STATISTICS",
        ObjectKind::Trigger => "TRIGGER",
        ObjectKind::Rule => "RULE",
        ObjectKind::Policy => "POLICY",
        ObjectKind::EventTrigger => "EVENT TRIGGER",
        ObjectKind::Publication => "PUBLICATION",
        ObjectKind::Event => "EVENT",
        ObjectKind::DefaultPrivileges => "DEFAULT PRIVILEGES",
    }
}

/// The name as it stands behind CREATE: an operator's is no identifier.
fn bare(id: &ObjectId) -> String {
    match (&id.kind, &id.of, &id.name.schema) {
        (ObjectKind::Operator, _, Some(schema)) => format!("{}.{}", quote(schema), id.name.name),
        (ObjectKind::Operator, _, None) => id.name.name.clone(),
        (ObjectKind::Cast, ..) => format!("({})", id.name.name),
        (_, Of::Table(_), _) => quote(&id.name.name),
        _ => Postgres.name(&id.name),
    }
}

/// How ALTER, DROP and COMMENT ON name the object: `FUNCTION add(integer, integer)`, `TRIGGER touch ON todos`.
pub fn target(id: &ObjectId) -> String {
    let name = bare(id);
    match &id.of {
        Of::Table(table) => format!("{} {name} ON {}", word(id.kind), Postgres.name(table)),
        Of::Arguments(types) if id.kind == ObjectKind::Operator => format!("OPERATOR {name} ({types})"),
        Of::Arguments(types) if id.kind == ObjectKind::Aggregate && types.is_empty() => format!("AGGREGATE {name}(*)"),
        Of::Arguments(types) => format!("{} {name}({types})", word(id.kind)),
        Of::Nothing | Of::Role(_) => format!("{} {name}", word(id.kind)),
    }
}

/// How GRANT names the object, and what PUBLIC may do with it by default; `None` where nothing can be granted on it.
pub fn grant_target(id: &ObjectId) -> Option<(String, Option<&'static str>)> {
    Some(match id.kind {
        ObjectKind::View | ObjectKind::MaterializedView => (format!("TABLE {}", Postgres.name(&id.name)), None),
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
            let target = target(id);
            // An aggregate is a function to GRANT, and one without arguments has none there.
            let target = target.strip_prefix("AGGREGATE ").map_or(target.clone(), |rest| format!("FUNCTION {}", rest.replace("(*)", "()")));
            (target, Some("EXECUTE"))
        }
        ObjectKind::RangeType => (target(id), Some("USAGE")),
        ObjectKind::ForeignDataWrapper => (target(id), None),
        ObjectKind::ForeignServer => (format!("FOREIGN {}", target(id)), None),
        _ => return None,
    })
}

/// The statement that makes the object alone. With `replace` it takes the place of the one that is there.
pub fn create_object(id: &ObjectId, object: &Object, replace: bool) -> String {
    let create = if replace { "CREATE OR REPLACE" } else { "CREATE" };
    let name = bare(id);
    let definition = &object.definition.text;
    match id.kind {
        ObjectKind::View | ObjectKind::MaterializedView => {
            let columns = if object.columns.is_empty() { String::new() } else { format!(" ({})", list(&object.columns)) };
            format!("{create} {} {name}{columns}{} AS\n{definition}", word(id.kind), storage(&object.options))
        }
        ObjectKind::Function | ObjectKind::Procedure => {
            let arguments = object.arguments.as_ref().map_or("", |arguments| &arguments.text);
            format!("{create} {} {name}({arguments})\n{definition}", word(id.kind))
        }
        ObjectKind::Aggregate => {
            let arguments = object.arguments.as_ref().map_or("", |arguments| &arguments.text);
            let arguments = if arguments.is_empty() { "*" } else { arguments };
            format!("{create} AGGREGATE {name}({arguments}) {definition}")
        }
        ObjectKind::Trigger if object.is_constraint => format!("CREATE CONSTRAINT TRIGGER {name} {definition}"),
        ObjectKind::Policy => format!("CREATE {} {definition}", target(id)).trim_end().to_owned(),
        _ => format!("{create} {} {name} {definition}", word(id.kind)).trim_end().to_owned(),
    }
}

/// What follows the statement that makes the object, but for its privileges.
pub fn additions(id: &ObjectId, object: &Object) -> Vec<String> {
    let mut statements = Vec::new();
    statements.extend(object.indexes.iter().map(|(name, index)| create_index(&id.name, name, index, false)));
    statements.extend(extra_changes(id, &Object::default(), object));
    statements.extend(comment_changes(id, &Object::default(), object));
    statements.extend(enabled_change(id, object.enabled).filter(|_| object.enabled != Enabled::Yes));
    statements
}

pub fn grant_changes(id: &ObjectId, from: &Grants, to: &Grants) -> Vec<String> {
    grant_target(id).map(|(target, usual)| grants(&target, usual, from, to)).unwrap_or_default()
}

pub fn comment_changes(id: &ObjectId, from: &Object, to: &Object) -> Vec<String> {
    let target = target(id);
    let (kind, name) = target.split_at(word(id.kind).len());
    let mut statements = Vec::new();
    if from.comment != to.comment {
        statements.push(comment(kind, name.trim_start(), to.comment.as_deref()));
    }
    let mut columns: Vec<&String> = from.column_comments.keys().chain(to.column_comments.keys()).collect();
    columns.sort();
    columns.dedup();
    for column in columns {
        if from.column_comments.get(column) != to.column_comments.get(column) {
            let place = format!("{}.{}", Postgres.name(&id.name), quote(column));
            statements.push(comment("COLUMN", &place, to.column_comments.get(column).map(String::as_str)));
        }
    }
    statements.extend(to.indexes.iter().filter_map(|(name, index)| {
        let changed = from.indexes.get(name).is_none_or(|before| before.comment != index.comment)
            && (index.comment.is_some() || from.indexes.contains_key(name));
        changed.then(|| comment("INDEX", &Postgres.name(&id.name.sibling(name.as_str())), index.comment.as_deref()))
    }));
    statements
}

/// The options that have statements of their own: the mappings of a text search configuration, a statistics object's target.
pub fn extra_changes(id: &ObjectId, from: &Object, to: &Object) -> Vec<String> {
    let alter = format!("ALTER {}", target(id));
    match id.kind {
        ObjectKind::TextSearchConfiguration => {
            let gone = from.options.iter().filter(|(token, words)| to.options.get(*token) != Some(words));
            let new = to.options.iter().filter(|(token, words)| from.options.get(*token) != Some(words));
            let gone = gone.map(|(token, _)| format!("{alter} DROP MAPPING FOR {}", quote(token)));
            gone.chain(new.map(|(token, words)| format!("{alter} ADD MAPPING FOR {} WITH {words}", quote(token)))).collect()
        }
        ObjectKind::Statistics if from.options != to.options => {
            vec![format!("{alter} SET STATISTICS {}", to.options.get("target").map_or("-1", String::as_str))]
        }
        _ => Vec::new(),
    }
}

/// The statement that says when a trigger or rule fires.
pub fn enabled_change(id: &ObjectId, enabled: Enabled) -> Option<String> {
    let verb = match enabled {
        Enabled::Yes => "ENABLE",
        Enabled::No => "DISABLE",
        Enabled::Replica => "ENABLE REPLICA",
        Enabled::Always => "ENABLE ALWAYS",
    };
    match (&id.of, id.kind) {
        (Of::Table(table), ObjectKind::Trigger | ObjectKind::Rule) => {
            Some(format!("ALTER TABLE {} {verb} {} {}", Postgres.name(table), word(id.kind), quote(&id.name.name)))
        }
        (_, ObjectKind::EventTrigger) => Some(format!("ALTER {} {verb}", target(id))),
        _ => None,
    }
}

/// ALTER DEFAULT PRIVILEGES from one state to the other. `id` is about `tables` or `tables in app`, of a role.
pub fn default_privilege_changes(id: &ObjectId, from: &Grants, to: &Grants) -> Vec<String> {
    let Of::Role(role) = &id.of else { return Vec::new() };
    let (what, schema) = id.name.name.split_once(" in ").map_or((id.name.name.as_str(), None), |(what, schema)| (what, Some(schema)));
    let usual = match (what, schema) {
        ("functions", None) => Some("EXECUTE"),
        ("types", None) => Some("USAGE"),
        _ => None,
    };
    let within = schema.map(|schema| format!(" IN SCHEMA {}", quote(schema))).unwrap_or_default();
    let head = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {}{within}", quote(role));
    grants(&what.to_uppercase(), usual, from, to).into_iter().map(|statement| format!("{head} {statement}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Name, Text};

    #[test]
    fn each_kind_is_named_its_own_way() {
        let of = |kind, name: &str, of| ObjectId { kind, name: Name::within(Some("app"), name), of };
        assert_eq!(target(&of(ObjectKind::Function, "Add", Of::Arguments("integer".into()))), "FUNCTION app.\"Add\"(integer)");
        assert_eq!(target(&of(ObjectKind::Operator, "===", Of::Arguments("integer, NONE".into()))), "OPERATOR app.=== (integer, NONE)");
        assert_eq!(target(&ObjectId::on(ObjectKind::Trigger, &Name::within(Some("app"), "t"), "touch")), "TRIGGER touch ON app.t");
        assert_eq!(target(&ObjectId::new(ObjectKind::Cast, Name::new("text AS integer"))), "CAST (text AS integer)");
    }

    #[test]
    fn a_function_stands_as_it_was_written() {
        let id = ObjectId { kind: ObjectKind::Function, name: Name::new("one"), of: Of::Arguments(String::new()) };
        let object = Object { arguments: Some(Text::new("")), ..Object::new("RETURNS integer LANGUAGE sql AS 'SELECT 1'") };
        assert_eq!(create_object(&id, &object, true), "CREATE OR REPLACE FUNCTION one()\nRETURNS integer LANGUAGE sql AS 'SELECT 1'");
    }

    #[test]
    fn default_privileges_name_their_role_and_schema() {
        let id = ObjectId { kind: ObjectKind::DefaultPrivileges, name: Name::new("tables in app"), of: Of::Role("owner".into()) };
        let to: Grants = [("reader".to_owned(), ["SELECT".to_owned()].into())].into();
        let expected = "ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA app GRANT SELECT ON TABLES TO reader";
        assert_eq!(default_privilege_changes(&id, &Grants::new(), &to), [expected]);
    }
}
