//! Objects that are told by a text, domains and composite types.

use indexmap::IndexMap;

use super::column::{self, check_options};
use super::toml::{Entries, Page, Value};
use super::{Entry, literal, named, section, table};
use crate::declare::sections::{self, key_of};
use crate::dialect::Dialect;
use crate::model::{Composite, Domain, Enabled, Grants, Name, Object, ObjectId, ObjectKind, Of, Schema, default_name};

/// The sections of one schema, each object with the triggers, rules and policies that belong to it.
pub(super) fn objects(page: &mut Page, schema: &Schema, scope: Option<&str>, of: &[ObjectKind]) {
    for kind in of {
        let path = section(scope, kind.section());
        let here: Vec<(&ObjectId, &Object)> = schema.of_kind(*kind).filter(|(id, _)| id.name.schema.as_deref() == scope).collect();
        let has_parts = |id: &ObjectId| kind.is_relation() && sections::OF_TABLE.iter().any(|kind| !on_table(schema, *kind, &id.name).is_empty());
        let entries = here.iter().map(|(id, object)| (key_of(id, object), entry(*kind, object, has_parts(id)))).collect();
        named(page, &path, entries);
        for (id, object) in here {
            let name = key_of(id, object);
            let indexes = object.indexes.iter().map(|(name, index)| (name.clone(), table::index(index))).collect();
            named(page, &[&path[..], &[&name, "indexes"]].concat(), indexes);
            if kind.is_relation() {
                for kind in sections::OF_TABLE {
                    named(page, &[&path[..], &[&name, kind.section()]].concat(), on_table(schema, *kind, &id.name));
                }
            }
        }
    }
}

/// The triggers, rules or policies of one table or view.
pub(super) fn on_table(schema: &Schema, kind: ObjectKind, owner: &Name) -> Vec<(String, Entry)> {
    let own = schema.of_kind(kind).filter(|(id, _)| id.table() == Some(owner));
    own.map(|(id, object)| (id.name.name.clone(), entry(kind, object, false))).collect()
}

/// The text alone where that says it all; `long` where a section below it follows.
fn entry(kind: ObjectKind, object: &Object, long: bool) -> Entry {
    let text = if matches!(kind, ObjectKind::View | ObjectKind::MaterializedView) { "query" } else { "definition" };
    let mut entries: Entries = Vec::new();
    if !object.columns.is_empty() {
        entries.push(("columns".to_owned(), Value::texts(&object.columns)));
    }
    entries.extend(options(kind, &object.options));
    if object.is_constraint {
        entries.push(("constraint".to_owned(), Value::yes()));
    }
    entries.extend(enabled(object.enabled));
    entries.extend(column::comment(object.comment.as_ref()));
    entries.extend(text_map("column_comments", &object.column_comments));
    entries.extend(grants(&object.grants));
    let definition = Value::text(&object.definition.text);
    if entries.is_empty() && !long && object.indexes.is_empty() {
        return Entry::Short(definition);
    }
    entries.push((text.to_owned(), definition));
    Entry::Long(entries)
}

fn options(kind: ObjectKind, options: &IndexMap<String, String>) -> Option<(String, Value)> {
    match kind {
        ObjectKind::TextSearchConfiguration => text_map("mappings", options),
        ObjectKind::Statistics => options.get("target").map(|target| ("target".to_owned(), Value::Raw(target.clone()))),
        _ => table::storage("with", options),
    }
}

fn enabled(enabled: Enabled) -> Option<(String, Value)> {
    let value = match enabled {
        Enabled::Yes => return None,
        Enabled::No => Value::flag(false),
        Enabled::Replica => Value::text("replica"),
        Enabled::Always => Value::text("always"),
    };
    Some(("enabled".to_owned(), value))
}

pub(super) fn text_map(key: &str, map: &IndexMap<String, String>) -> Option<(String, Value)> {
    let entries: Entries = map.iter().map(|(name, text)| (name.clone(), Value::text(text))).collect();
    (!entries.is_empty()).then(|| (key.to_owned(), Value::Inline(entries)))
}

/// `grants = { reader = ["SELECT"] }`.
pub(super) fn grants(grants: &Grants) -> Option<(String, Value)> {
    (!grants.is_empty()).then(|| ("grants".to_owned(), roles(grants)))
}

/// The columns of one privilege stand together again.
fn roles(grants: &Grants) -> Value {
    let list = |privileges: &std::collections::BTreeSet<String>| {
        let privileges = privileges.iter().map(Value::text).collect();
        Value::List(privileges)
    };
    Value::Inline(grants.iter().map(|(role, privileges)| (role.clone(), list(privileges))).collect())
}

/// `[default_privileges.ROLE]`.
pub(super) fn default_privileges(page: &mut Page, schema: &Schema) {
    let mut by_role: IndexMap<&str, Entries> = IndexMap::new();
    for (id, object) in schema.of_kind(ObjectKind::DefaultPrivileges) {
        if let Of::Role(role) = &id.of {
            by_role.entry(role).or_default().push((id.name.name.clone(), roles(&object.grants)));
        }
    }
    for (role, entries) in by_role {
        page.section(&[ObjectKind::DefaultPrivileges.section(), role]);
        page.aligned(&entries);
    }
}

pub(super) fn raws(page: &mut Page, schema: &Schema) {
    for (name, raw) in &schema.raws {
        page.section(&["raw", name]);
        page.entries(&vec![("up".to_owned(), Value::text(&raw.up)), ("down".to_owned(), Value::text(&raw.down))]);
    }
}

pub(super) fn domain(name: &Name, domain: &Domain, dialect: &dyn Dialect) -> Entry {
    let mut entries: Entries = vec![("type".to_owned(), Value::text(dialect.spell_type(&domain.ty.text)))];
    if !domain.nullable {
        entries.push(("nullable".to_owned(), Value::flag(false)));
    }
    entries.extend(domain.default.as_ref().map(|default| ("default".to_owned(), literal::default(default, &domain.ty, dialect))));
    entries.extend(domain.collation.as_ref().map(|collation| ("collation".to_owned(), Value::text(collation))));
    let usual = default_name(&name.name, &[], "check");
    let mut checks: Entries = Vec::new();
    for (check, it) in &domain.checks {
        let options = check_options(it);
        if *check == usual && options.is_empty() {
            entries.push(("check".to_owned(), Value::text(&it.expr.text)));
        } else {
            checks.push((check.clone(), column::short("sql", Value::text(&it.expr.text), options)));
        }
    }
    if !checks.is_empty() {
        entries.push(("checks".to_owned(), Value::Inline(checks)));
    }
    entries.extend(column::comment(domain.comment.as_ref()));
    entries.extend(grants(&domain.grants));
    if entries.len() == 1 { Entry::Short(entries.remove(0).1) } else { Entry::Long(entries) }
}

pub(super) fn composite(page: &mut Page, path: &[&str], composite: &Composite, dialect: &dyn Dialect) {
    let head: Entries = column::comment(composite.comment.as_ref()).into_iter().chain(grants(&composite.grants)).collect();
    if !head.is_empty() {
        page.section(path);
        page.entries(&head);
    }
    page.section(&[path, &["attributes"]].concat());
    let attributes = composite.attributes.iter().map(|(name, attribute)| {
        let collation = attribute.collation.as_ref().map(|collation| ("collation".to_owned(), Value::text(collation)));
        let options = collation.into_iter().chain(column::comment(attribute.comment.as_ref())).collect();
        (name.clone(), column::short("type", Value::text(dialect.spell_type(&attribute.ty.text)), options))
    });
    page.aligned(&attributes.collect());
}
