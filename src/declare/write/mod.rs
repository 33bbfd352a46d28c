//! The model as schema.toml, in the words and the order that a person would choose.
//!
//! What it writes is read back as the same model. Fix-ups (`backfill`, `using`, ...) are no part of a schema and are not written, nor is
//! what the language has no word for: the caller names that to the user.

mod column;
mod defined;
mod forms;
mod literal;
mod split;
mod table;
mod toml;

pub use split::{Split, write_split};

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

/// A part of the text that can stand in a file of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// What stands in no schema.
    Database,
    /// What a schema holds besides its tables; `None` is the default one.
    Schema(Option<&'a str>),
    /// A table and what belongs to it.
    Table(&'a Name),
}

/// The text of schema.toml that declares `schema`.
pub fn write(schema: &Schema, dialect: &'static dyn Dialect) -> String {
    Writer::new(schema, dialect).write(&|_| true)
}

/// A schema, and what has to be known of all of it before a part can be written.
pub(super) struct Writer<'a> {
    schema: &'a Schema,
    dialect: &'static dyn Dialect,
    /// The sequences that a column's `serial` stands for.
    serials: HashSet<Name>,
}

impl<'a> Writer<'a> {
    pub fn new(schema: &'a Schema, dialect: &'static dyn Dialect) -> Self {
        let mut serials = HashSet::new();
        for (name, table) in &schema.tables {
            let forms = forms::forms(schema, name, table, dialect);
            serials.extend(forms.into_values().filter_map(|form| form.serial.map(|(_, name)| name)));
        }
        Self { schema, dialect, serials }
    }

    /// The text of the parts that are wanted.
    pub fn write(&self, wanted: &dyn Fn(Part<'_>) -> bool) -> String {
        let schema = self.schema;
        let mut page = Page::default();
        if wanted(Part::Database) && !schema.extensions.is_empty() {
            let extensions = schema.extensions.iter().map(|(name, schema)| match schema {
                Some(schema) => Value::text(format!("{schema}.{name}")),
                None => Value::text(name),
            });
            let extensions = extensions.collect();
            page.entries(&vec![("extensions".to_owned(), Value::List(extensions))]);
        }
        for scope in namespaces(schema) {
            let is_wanted = wanted(Part::Schema(scope));
            if is_wanted {
                types_and_sequences(&mut page, schema, scope, self.dialect, &self.serials);
            }
            for (name, table) in schema.tables.iter().filter(|(name, _)| name.schema.as_deref() == scope && wanted(Part::Table(name))) {
                let forms = forms::forms(schema, name, table, self.dialect);
                Site { schema, name, table, dialect: self.dialect }.write(&forms, &mut page);
            }
            if is_wanted {
                defined::objects(&mut page, schema, scope, sections::OF_SCHEMA);
            }
        }
        if wanted(Part::Database) {
            defined::objects(&mut page, schema, None, sections::OF_DATABASE);
            defined::default_privileges(&mut page, schema);
            defined::raws(&mut page, schema);
        }
        page.finish()
    }
}

/// What of a schema tables may stand on.
fn types_and_sequences(page: &mut Page, schema: &Schema, scope: Option<&str>, dialect: &'static dyn Dialect, serials: &HashSet<Name>) {
    if let Some(name) = scope {
        namespace(page, schema, name);
    }
    let here = |name: &Name| name.schema.as_deref() == scope;
    let enums = schema.enums.iter().filter(|(name, _)| here(name)).map(|(name, ty)| (name.name.clone(), enumeration(ty)));
    named(page, &section(scope, "enums"), enums.collect());
    let domains = schema.domains.iter().filter(|(name, _)| here(name)).map(|(name, it)| (name.name.clone(), defined::domain(name, it, dialect)));
    named(page, &section(scope, "domains"), domains.collect());
    for (name, it) in schema.composites.iter().filter(|(name, _)| here(name)) {
        defined::composite(page, &[&section(scope, "types")[..], &[&name.name]].concat(), it, dialect);
    }
    let sequences = schema.sequences.iter().filter(|(name, _)| here(name) && !serials.contains(name));
    named(page, &section(scope, "sequences"), sequences.map(|(name, it)| (name.name.clone(), sequence(it))).collect());
}

/// The default schema, then the others: those that are declared, and any that a thing stands in without that.
pub(super) fn namespaces(schema: &Schema) -> Vec<Option<&str>> {
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
