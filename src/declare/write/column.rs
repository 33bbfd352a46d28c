//! A column as the inline table that a person would write.

use super::forms::{ColumnForms, reach};
use super::literal;
use super::toml::{Entries, Value};
use crate::declare::path;
use crate::dialect::Dialect;
use crate::model::{
    Check, Column, ColumnOptions, Deferrable, Fill, ForeignKey, Identity, KeyAction, Name, Schema, SequenceOptions, Table, Unique, default_name,
};

/// What a column's text depends on besides itself.
pub(super) struct Site<'a> {
    pub schema: &'a Schema,
    pub name: &'a Name,
    pub table: &'a Table,
    pub dialect: &'static dyn Dialect,
}

impl Site<'_> {
    pub fn column(&self, name: &str, column: &Column, forms: &ColumnForms) -> Value {
        let mut entries: Entries = Vec::new();
        let mut put = |key: &str, value: Value| entries.push((key.to_owned(), value));
        let serial = forms.serial.as_ref().map(|(word, _)| *word);
        put("type", Value::text(serial.map_or_else(|| self.column_type(column), str::to_owned)));
        let in_key = self.table.key_columns().iter().any(|key| key == name);
        let implied_nullable = !(in_key || serial.is_some() || matches!(column.fill, Fill::Identity(_)));
        let written_out = matches!(&column.fill, Fill::Identity(identity) if identity.not_null);
        if column.nullable != implied_nullable || written_out {
            put("nullable", Value::flag(column.nullable));
        }
        if forms.primary_key {
            put("primary_key", Value::yes());
        }
        entries.extend(self.fill(column, serial.is_some()));
        entries.extend(self.keys(name, forms));
        // What the table says for all of its columns.
        let implied = column.options.charset.is_none() && self.table.options.collation.is_some() && column.collation == self.table.options.collation;
        let texts = [("collation", if implied { &None } else { &column.collation }), ("comment", &column.comment)];
        entries.extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Value::text(text.as_ref()?)))));
        entries.extend(column_options(&column.options));
        Value::Inline(entries)
    }

    /// Where the value comes from; `serial` says that already.
    fn fill(&self, column: &Column, serial: bool) -> Entries {
        let entry = |key: &str, value: Value| vec![(key.to_owned(), value)];
        match &column.fill {
            Fill::Identity(identity) => identity_entries(identity),
            Fill::Default(default) if !serial => entry("default", literal::default(default, &column.ty, self.dialect)),
            Fill::Generated { expr, stored: true } => entry("generated", Value::text(&expr.text)),
            Fill::Generated { expr, stored: false } => {
                let parts = vec![("sql".to_owned(), Value::text(&expr.text)), ("stored".to_owned(), Value::flag(false))];
                entry("generated", Value::Inline(parts))
            }
            Fill::None | Fill::Default(_) => Vec::new(),
        }
    }

    /// `enum:NAME` for a type that is one of the schema's enumerations; the dialect's word for every other.
    fn column_type(&self, column: &Column) -> String {
        let is = |name: &Name| [&column.ty.text, &column.ty.key].contains(&&self.dialect.name(name));
        let Some(name) = self.schema.enums.keys().find(|name| is(name)) else { return self.dialect.spell_type(&column.ty.text) };
        let parts = match (&name.schema, &self.name.schema) {
            (schema, table) if schema == table => vec![name.name.as_str()],
            (Some(schema), _) => vec![schema.as_str(), &name.name],
            // The default schema has no name: an enumeration there that one of the table's own schema hides is written as a native type.
            (None, _) if self.schema.enums.contains_key(&self.name.sibling(&name.name)) => return self.dialect.spell_type(&column.ty.text),
            (None, _) => vec![name.name.as_str()],
        };
        format!("enum:{}", path::join(parts))
    }

    /// The constraints that are written at the column.
    fn keys(&self, column: &str, forms: &ColumnForms) -> Entries {
        let mut entries: Entries = Vec::new();
        let usual = |label: &str| default_name(&self.name.name, &[column], label);
        let named = |name: &str, label: &str| (name != usual(label)).then(|| ("name".to_owned(), Value::text(name)));
        if let Some((name, unique)) = forms.unique.as_ref().and_then(|name| self.table.uniques.get_key_value(name)) {
            let options: Entries = named(name, "key").into_iter().chain(unique_options(unique)).collect();
            entries.push(("unique".to_owned(), if options.is_empty() { Value::yes() } else { Value::Inline(options) }));
        }
        if let Some(name) = &forms.index {
            let options: Entries = named(name, "idx").into_iter().collect();
            entries.push(("index".to_owned(), if options.is_empty() { Value::yes() } else { Value::Inline(options) }));
        }
        if let Some((name, key)) = forms.reference.as_ref().and_then(|name| self.table.foreign_keys.get_key_value(name)) {
            let options: Entries = named(name, "fkey").into_iter().chain(reference_options(key)).collect();
            let target = reach(self.schema, self.name, &key.target).unwrap_or_default();
            let target = Value::text(path::join(target.into_iter().chain(key.target_columns.iter().map(String::as_str))));
            entries.push(("references".to_owned(), short("column", target, options)));
        }
        if let Some((name, check)) = forms.check.as_ref().and_then(|name| self.table.checks.get_key_value(name)) {
            let options: Entries = named(name, "check").into_iter().chain(check_options(check)).collect();
            entries.push(("check".to_owned(), short("sql", Value::text(&check.expr.text), options)));
        }
        entries
    }
}

/// What the engine keeps for a column besides its values.
fn column_options(options: &ColumnOptions) -> Entries {
    let texts = [("storage", &options.storage), ("compression", &options.compression), ("charset", &options.charset)];
    let mut entries: Entries = texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Value::text(text.as_ref()?)))).collect();
    entries.extend(options.statistics.map(|target| ("statistics".to_owned(), Value::number(target))));
    entries.extend(super::table::storage("settings", &options.settings));
    entries.extend(super::defined::text_map("options", &options.foreign));
    entries.extend(options.on_update.as_ref().map(|text| ("on_update".to_owned(), Value::text(&text.text))));
    if options.invisible {
        entries.push(("invisible".to_owned(), Value::yes()));
    }
    if let Some(check) = &options.check {
        let parts = vec![("sql".to_owned(), Value::text(&check.text)), ("inline".to_owned(), Value::yes())];
        entries.push(("check".to_owned(), Value::Inline(parts)));
    }
    entries.extend(options.srid.map(|srid| ("srid".to_owned(), Value::number(srid))));
    entries
}

/// `identity = true`, `autoincrement = true`, which is an identity as well, or an identity with its options.
fn identity_entries(identity: &Identity) -> Entries {
    let always = identity.always.then(|| ("always".to_owned(), Value::yes()));
    let options: Entries = always.into_iter().chain(sequence_options(&identity.options)).collect();
    let mut entries: Entries = Vec::new();
    if !options.is_empty() {
        entries.push(("identity".to_owned(), Value::Inline(options)));
    } else if !identity.autoincrement {
        entries.push(("identity".to_owned(), Value::yes()));
    }
    if identity.autoincrement {
        entries.push(("autoincrement".to_owned(), Value::yes()));
    }
    entries
}

/// The value alone where nothing else is to be said, else a table in which it stands first.
pub(super) fn short(key: &str, value: Value, options: Entries) -> Value {
    if options.is_empty() {
        return value;
    }
    Value::Inline([(key.to_owned(), value)].into_iter().chain(options).collect())
}

pub(super) fn unique_options(unique: &Unique) -> Entries {
    let mut options: Entries = Vec::new();
    if unique.nulls_not_distinct {
        options.push(("nulls_not_distinct".to_owned(), Value::yes()));
    }
    options.extend(deferrable(unique.deferrable));
    options.extend(comment(unique.comment.as_ref()));
    options
}

pub(super) fn check_options(check: &Check) -> Entries {
    let flags = [("no_inherit", check.no_inherit), ("not_valid", check.not_valid)];
    let flags = flags.into_iter().filter(|(_, set)| *set).map(|(key, _)| (key.to_owned(), Value::yes()));
    let enforced = check.not_enforced.then(|| ("enforced".to_owned(), Value::flag(false)));
    flags.chain(enforced).chain(comment(check.comment.as_ref())).collect()
}

pub(super) fn reference_options(key: &ForeignKey) -> Entries {
    let mut options: Entries = Vec::new();
    for (name, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
        options.extend(word(action).map(|word| (name.to_owned(), Value::text(word))));
    }
    if !key.on_delete_columns.is_empty() {
        options.push(("on_delete_columns".to_owned(), Value::texts(&key.on_delete_columns)));
    }
    if key.match_full {
        options.push(("match".to_owned(), Value::text("full")));
    }
    options.extend(deferrable(key.deferrable));
    if key.not_valid {
        options.push(("not_valid".to_owned(), Value::yes()));
    }
    options.extend(comment(key.comment.as_ref()));
    options
}

fn word(action: KeyAction) -> Option<&'static str> {
    match action {
        KeyAction::NoAction => None,
        KeyAction::Restrict => Some("restrict"),
        KeyAction::Cascade => Some("cascade"),
        KeyAction::SetNull => Some("set null"),
        KeyAction::SetDefault => Some("set default"),
    }
}

pub(super) fn deferrable(deferrable: Deferrable) -> Option<(String, Value)> {
    let value = match deferrable {
        Deferrable::No => return None,
        Deferrable::InitiallyImmediate => Value::yes(),
        Deferrable::InitiallyDeferred => Value::text("deferred"),
    };
    Some(("deferrable".to_owned(), value))
}

pub(super) fn comment(comment: Option<&String>) -> Option<(String, Value)> {
    comment.map(|comment| ("comment".to_owned(), Value::text(comment)))
}

pub(super) fn sequence_options(options: &SequenceOptions) -> Entries {
    let numbers = [("start", options.start), ("increment", options.increment), ("min", options.min), ("max", options.max), ("cache", options.cache)];
    let mut entries: Entries = numbers.into_iter().filter_map(|(key, number)| Some((key.to_owned(), Value::number(number?)))).collect();
    if options.cycle {
        entries.push(("cycle".to_owned(), Value::yes()));
    }
    entries
}
