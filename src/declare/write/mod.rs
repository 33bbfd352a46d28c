//! The model as schema.toml, in the words and the order that a person would choose.
//!
//! What it writes is read back as the same model. Fix-ups (`backfill`, `using`, ...) are no part of a schema and are not written, nor is
//! what the language has no word for: the caller names that to the user.

mod column;
mod defined;
mod forms;
mod literal;
mod table;
mod toml;

use std::collections::HashSet;

use super::sections;
use crate::dialect::Dialect;
use crate::model::{EnumType, Name, ObjectId, ObjectKind, Schema, Sequence};
use column::Site;
use toml::{Entries, Page, Value};

/// A named thing: `name = value`, or a section of its own.
enum Entry {
    Short(Value),
    Long(Entries),
}

/// The text of schema.toml that declares `schema`.
pub fn write(schema: &Schema, dialect: &'static dyn Dialect) -> String {
    let mut page = Page::default();
    if !schema.extensions.is_empty() {
        let extensions = schema.extensions.iter().map(|(name, schema)| match schema {
            Some(schema) => Value::text(format!("{schema}.{name}")),
            None => Value::text(name),
        });
        let extensions = extensions.collect();
        page.entries(&vec![("extensions".to_owned(), Value::List(extensions))]);
    }
    // Tables come after the sections of both kinds, because a sequence may turn out to be a column's `serial`.
    let tables: Vec<_> = schema.tables.iter().map(|(name, table)| (name, table, forms::forms(schema, name, table, dialect))).collect();
    let serials: HashSet<&Name> =
        tables.iter().flat_map(|(_, _, forms)| forms.values()).filter_map(|form| form.serial.as_ref().map(|(_, name)| name)).collect();
    for scope in namespaces(schema) {
        if let Some(name) = scope {
            namespace(&mut page, schema, name);
        }
        let here = |name: &Name| name.schema.as_deref() == scope;
        let enums = schema.enums.iter().filter(|(name, _)| here(name)).map(|(name, ty)| (name.name.clone(), enumeration(ty)));
        named(&mut page, &section(scope, "enums"), enums.collect());
        let domains = schema.domains.iter().filter(|(name, _)| here(name)).map(|(name, it)| (name.name.clone(), defined::domain(name, it, dialect)));
        named(&mut page, &section(scope, "domains"), domains.collect());
        for (name, it) in schema.composites.iter().filter(|(name, _)| here(name)) {
            defined::composite(&mut page, &[&section(scope, "types")[..], &[&name.name]].concat(), it, dialect);
        }
        let sequences = schema.sequences.iter().filter(|(name, _)| here(name) && !serials.contains(name));
        named(&mut page, &section(scope, "sequences"), sequences.map(|(name, it)| (name.name.clone(), sequence(it))).collect());
        for (name, table, forms) in tables.iter().filter(|(name, _, _)| here(name)) {
            Site { schema, name, table, dialect }.write(forms, &mut page);
        }
        defined::objects(&mut page, schema, scope, sections::OF_SCHEMA);
    }
    defined::objects(&mut page, schema, None, sections::OF_DATABASE);
    defined::default_privileges(&mut page, schema);
    defined::raws(&mut page, schema);
    page.finish()
}

/// The default schema, then the others: those that are declared, and any that a thing stands in without that.
fn namespaces(schema: &Schema) -> Vec<Option<&str>> {
    let used = names(schema).filter_map(|name| name.schema.as_deref());
    let mut all = vec![None];
    for name in schema.namespaces.keys().map(String::as_str).chain(used).map(Some) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// The names of all that stands in a schema.
fn names(schema: &Schema) -> impl Iterator<Item = &Name> {
    let types = schema.enums.keys().chain(schema.domains.keys()).chain(schema.composites.keys());
    let own = |id: &&ObjectId| !id.kind.belongs_to_table() && id.kind != ObjectKind::DefaultPrivileges;
    let objects = schema.objects.keys().filter(own).map(|id| &id.name);
    types.chain(schema.sequences.keys()).chain(schema.tables.keys()).chain(objects)
}

/// The header of a schema, where it has a comment, or has nothing that would name it.
fn namespace(page: &mut Page, schema: &Schema, name: &str) {
    let known = schema.namespaces.get(name);
    let named_anyway = names(schema).any(|inner| inner.schema.as_deref() == Some(name));
    let comment = known.and_then(|known| column::comment(known.comment.as_ref()));
    let entries: Entries = comment.into_iter().chain(known.and_then(|known| defined::grants(&known.grants))).collect();
    if !entries.is_empty() || !named_anyway {
        page.section(&["schemas", name]);
        page.entries(&entries);
    }
}

fn section<'a>(scope: Option<&'a str>, key: &'a str) -> Vec<&'a str> {
    scope.map_or_else(|| vec![key], |schema| vec!["schemas", schema, key])
}

/// The short ones together below one header, then a section for each long one.
fn named(page: &mut Page, path: &[&str], entries: Vec<(String, Entry)>) {
    let mut short: Entries = Vec::new();
    let mut long = Vec::new();
    for (name, entry) in entries {
        match entry {
            Entry::Short(value) => short.push((name, value)),
            Entry::Long(entries) => long.push((name, entries)),
        }
    }
    if !short.is_empty() {
        page.section(path);
        page.aligned(&short);
    }
    for (name, entries) in long {
        page.section(&[path, &[name.as_str()]].concat());
        page.entries(&entries);
    }
}

fn enumeration(ty: &EnumType) -> Entry {
    let values = Value::texts(&ty.values);
    let more: Entries = column::comment(ty.comment.as_ref()).into_iter().chain(defined::grants(&ty.grants)).collect();
    if more.is_empty() { Entry::Short(values) } else { Entry::Long([("values".to_owned(), values)].into_iter().chain(more).collect()) }
}

fn sequence(sequence: &Sequence) -> Entry {
    let mut entries: Entries = Vec::new();
    if sequence.ty != "bigint" {
        entries.push(("type".to_owned(), Value::text(&sequence.ty)));
    }
    entries.extend(column::sequence_options(&sequence.options));
    if let Some((table, column)) = &sequence.owned_by {
        // A sequence and the table that owns it stand in one schema, so two parts are enough.
        entries.push(("owned_by".to_owned(), Value::text(super::path::join([table.name.as_str(), column]))));
    }
    if sequence.unlogged {
        entries.push(("unlogged".to_owned(), Value::yes()));
    }
    entries.extend(column::comment(sequence.comment.as_ref()));
    entries.extend(defined::grants(&sequence.grants));
    Entry::Short(Value::Inline(entries))
}
