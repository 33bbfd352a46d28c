//! A table: its options, its columns, and the constraints and indexes that no column shows.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::column::{self, Site};
use super::defined::{on_table, text_map};
use super::forms::{self, ColumnForms, reach};
use super::toml::{Entries, Page, Value};
use super::{Entry, named};
use crate::declare::lower::path_of;
use crate::declare::path;
use crate::model::{
    Column, Exclusion, Fill, ForeignKey, Index, IndexKey, IndexPart, KeyOf, Name, NullsOrder, ObjectKind, Order, Partition, PrimaryKey, Table,
    TableOptions, default_name,
};

impl Site<'_> {
    pub fn write(&self, forms: &IndexMap<String, ColumnForms>, page: &mut Page) {
        let path = path_of("tables", self.name);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let head = self.head(forms);
        if !head.is_empty() {
            page.section(&path);
            page.entries(&head);
        }
        let none = ColumnForms::default();
        let columns = self.table.columns.iter().filter(|(name, column)| !self.is_inherited(name, column));
        let columns = columns.map(|(name, column)| (name.clone(), self.column(name, column, forms.get(name).unwrap_or(&none)))).collect();
        let columns: Entries = columns;
        // What has parents may have nothing of its own.
        if !columns.is_empty() || self.table.parents().is_empty() {
            page.section(&[&path[..], &["columns"]].concat());
            page.aligned(&columns);
        }
        for (section, entries) in self.sections(forms) {
            named(page, &[&path[..], &[section]].concat(), entries);
        }
    }

    /// True for a column that says nothing but what a parent of the table says.
    fn is_inherited(&self, name: &str, column: &Column) -> bool {
        let parents = self.table.parents();
        let mut above = parents.iter().filter_map(|parent| self.schema.tables.get(parent)?.columns.get(name));
        above.any(|parent| {
            let fill = if matches!(parent.fill, Fill::Identity(_)) { &Fill::None } else { &parent.fill };
            column.comment.is_none() && *column == Column { comment: None, fill: fill.clone(), ..parent.clone() }
        })
    }

    /// What is said of the table as a whole.
    fn head(&self, forms: &IndexMap<String, ColumnForms>) -> Entries {
        let Table { comment, primary_key, options, .. } = self.table;
        let mut entries: Entries = column::comment(comment.as_ref()).into_iter().collect();
        let shown = forms.values().any(|form| form.primary_key);
        if let Some(key) = primary_key.as_ref().filter(|_| !shown) {
            entries.push(("primary_key".to_owned(), primary_key_value(self.name, key)));
        }
        entries.extend(self.descent(options));
        entries.extend(option_entries(&self.told(options)));
        entries.extend(super::defined::grants(&self.table.grants));
        entries
    }

    /// The options without what a table of this database gets where nothing is said.
    fn told(&self, options: &TableOptions) -> TableOptions {
        let defaults = &*self.schema.defaults;
        let mut told = options.clone();
        if told.engine.as_deref() == Some(&defaults.engine) {
            told.engine = None;
        }
        if told.collation.as_deref() == Some(&defaults.collation) {
            (told.charset, told.collation) = (None, None);
        }
        told
    }

    /// Where its columns and rows come from.
    fn descent(&self, options: &TableOptions) -> Entries {
        let mut entries: Entries = Vec::new();
        let table = |name: &Name| {
            let parts = reach(self.schema, self.name, name).unwrap_or_else(|| vec![&name.name]);
            Value::text(path::join(parts))
        };
        if let Some(Partition { of, bound }) = &options.partition {
            let parts = vec![("of".to_owned(), table(of)), ("values".to_owned(), Value::text(&bound.text))];
            entries.push(("partition".to_owned(), Value::Inline(parts)));
        }
        entries.extend(options.partition_by.as_ref().map(|by| ("partition_by".to_owned(), Value::text(&by.text))));
        if !options.inherits.is_empty() {
            entries.push(("inherits".to_owned(), Value::List(options.inherits.iter().map(table).collect())));
        }
        if let Some(foreign) = &options.foreign {
            let server = ("server".to_owned(), Value::text(&foreign.server));
            let parts = [server].into_iter().chain(text_map("options", &foreign.options)).collect();
            entries.push(("foreign".to_owned(), Value::Inline(parts)));
        }
        entries
    }

    /// The constraints and indexes that are written at no column, and what else belongs to the table.
    fn sections(&self, forms: &IndexMap<String, ColumnForms>) -> [(&'static str, Vec<(String, Entry)>); 8] {
        let shown = |pick: fn(&ColumnForms) -> &Option<String>| forms.values().filter_map(|form| pick(form).as_deref()).collect::<HashSet<_>>();
        let table = self.table;
        [
            (
                "uniques",
                rest(&table.uniques, &shown(|form| &form.unique), |unique| {
                    let include = list("include", &unique.include);
                    columns_entry(&unique.columns, include.into_iter().chain(column::unique_options(unique)).collect())
                }),
            ),
            (
                "checks",
                rest(&table.checks, &shown(|form| &form.check), |check| {
                    Entry::Short(column::short("sql", Value::text(&check.expr.text), column::check_options(check)))
                }),
            ),
            ("foreign_keys", rest(&table.foreign_keys, &shown(|form| &form.reference), |key| self.foreign_key(key))),
            ("exclusions", rest(&table.exclusions, &HashSet::new(), exclusion)),
            ("indexes", self.told_indexes(rest(&table.indexes, &shown(|form| &form.index), index))),
            ("triggers", on_table(self.schema, ObjectKind::Trigger, self.name)),
            ("rules", on_table(self.schema, ObjectKind::Rule, self.name)),
            ("policies", on_table(self.schema, ObjectKind::Policy, self.name)),
        ]
    }

    /// Without those that the server makes by itself.
    fn told_indexes(&self, mut entries: Vec<(String, Entry)>) -> Vec<(String, Entry)> {
        entries.retain(|(name, _)| !self.dialect.makes_index_itself(self.table, name));
        entries
    }

    fn foreign_key(&self, key: &ForeignKey) -> Entry {
        let mut target: Entries = vec![("table".to_owned(), Value::text(&key.target.name))];
        match reach(self.schema, self.name, &key.target).as_deref() {
            Some([schema, _]) => target.push(("schema".to_owned(), Value::text(*schema))),
            Some(_) => {}
            None => target.push(("schema".to_owned(), Value::text(""))),
        }
        target.extend(list("columns", &key.target_columns));
        let mut entries: Entries = vec![("columns".to_owned(), Value::texts(&key.columns)), ("references".to_owned(), Value::Inline(target))];
        entries.extend(column::reference_options(key));
        Entry::Long(entries)
    }
}

/// The parts that no column shows, in their order.
fn rest<T>(parts: &IndexMap<String, T>, shown: &HashSet<&str>, entry: impl Fn(&T) -> Entry) -> Vec<(String, Entry)> {
    parts.iter().filter(|(name, _)| !shown.contains(name.as_str())).map(|(name, part)| (name.clone(), entry(part))).collect()
}

fn list(key: &str, names: &[String]) -> Option<(String, Value)> {
    (!names.is_empty()).then(|| (key.to_owned(), Value::texts(names)))
}

/// `["a", "b"]`, or a section where more is to be said.
fn columns_entry(columns: &[String], options: Entries) -> Entry {
    if options.is_empty() {
        return Entry::Short(Value::texts(columns));
    }
    Entry::Long([("columns".to_owned(), Value::texts(columns))].into_iter().chain(options).collect())
}

fn primary_key_value(table: &Name, key: &PrimaryKey) -> Value {
    let mut options: Entries = Vec::new();
    if key.name != default_name(&table.name, &[], "pkey") {
        options.push(("name".to_owned(), Value::text(&key.name)));
    }
    options.extend(list("include", &key.include));
    options.extend(column::deferrable(key.deferrable));
    options.extend(column::comment(key.comment.as_ref()));
    options.extend(key.using.as_ref().map(|method| ("using".to_owned(), Value::text(method))));
    let columns = if key.parts.is_empty() { Value::texts(&key.columns) } else { Value::List(key.parts.iter().map(index_part).collect()) };
    column::short("columns", columns, options)
}

fn option_entries(options: &TableOptions) -> Entries {
    let flags = [
        ("strict", options.strict),
        ("without_rowid", options.without_rowid),
        ("unlogged", options.unlogged),
        ("row_security", options.row_security),
        ("force_row_security", options.force_row_security),
        ("system_versioning", options.system_versioning),
    ];
    let mut entries: Entries = flags.into_iter().filter(|(_, set)| *set).map(|(key, _)| (key.to_owned(), Value::yes())).collect();
    entries.extend(storage("with", &options.storage));
    let texts = [
        ("tablespace", &options.tablespace),
        ("access_method", &options.access_method),
        ("replica_identity", &options.replica_identity),
        ("clustered_on", &options.clustered_on),
        ("engine", &options.engine),
        ("charset", &options.charset),
        ("collation", &options.collation),
        ("row_format", &options.row_format),
    ];
    entries.extend(texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Value::text(text.as_ref()?)))));
    entries.extend(options.auto_increment.map(|number| ("auto_increment".to_owned(), Value::number(number))));
    entries
}

/// Storage parameters: numbers and truth values as such, though the server keeps all of them as text.
pub(super) fn storage(key: &str, storage: &IndexMap<String, String>) -> Option<(String, Value)> {
    let value = |text: &String| {
        let plain = super::literal::is_number(text) || text == "true" || text == "false";
        if plain { Value::Raw(text.clone()) } else { Value::text(text) }
    };
    let entries: Entries = storage.iter().map(|(name, text)| (name.clone(), value(text))).collect();
    (!entries.is_empty()).then(|| (key.to_owned(), Value::Inline(entries)))
}

fn exclusion(exclusion: &Exclusion) -> Entry {
    let mut entries: Entries = Vec::new();
    if exclusion.method != "gist" {
        entries.push(("using".to_owned(), Value::text(&exclusion.method)));
    }
    let parts = exclusion.parts.iter().map(|(key, with)| {
        let mut part = key_entries(key);
        part.insert(1, ("with".to_owned(), Value::text(with)));
        Value::Inline(part)
    });
    entries.push(("columns".to_owned(), Value::List(parts.collect())));
    entries.extend(exclusion.predicate.as_ref().map(|predicate| ("where".to_owned(), Value::text(&predicate.text))));
    entries.extend(list("include", &exclusion.include));
    entries.extend(column::deferrable(exclusion.deferrable));
    entries.extend(column::comment(exclusion.comment.as_ref()));
    Entry::Long(entries)
}

pub(super) fn index(index: &Index) -> Entry {
    let parts = Value::List(index.parts.iter().map(index_part).collect());
    if forms::plain_index(index) {
        return Entry::Short(parts);
    }
    let mut entries: Entries = vec![("columns".to_owned(), parts)];
    if index.unique {
        entries.push(("unique".to_owned(), Value::yes()));
    }
    if index.method != "btree" {
        entries.push(("using".to_owned(), Value::text(&index.method)));
    }
    entries.extend(index.predicate.as_ref().map(|predicate| ("where".to_owned(), Value::text(&predicate.text))));
    entries.extend(list("include", &index.include));
    if index.nulls_not_distinct {
        entries.push(("nulls_not_distinct".to_owned(), Value::yes()));
    }
    entries.extend(storage("with", &index.storage));
    entries.extend(index.tablespace.as_ref().map(|tablespace| ("tablespace".to_owned(), Value::text(tablespace))));
    entries.extend(column::comment(index.comment.as_ref()));
    Entry::Long(entries)
}

fn index_part(part: &IndexPart) -> Value {
    if let Some(column) = forms::plain_part(part) {
        return Value::text(column);
    }
    let mut entries = key_entries(&part.key);
    entries.extend(part.length.and_then(|length| i64::try_from(length).ok()).map(|length| ("length".to_owned(), Value::number(length))));
    if part.order == Order::Desc {
        entries.push(("order".to_owned(), Value::text("desc")));
    }
    let nulls = part.nulls.map(|nulls| match nulls {
        NullsOrder::First => "first",
        NullsOrder::Last => "last",
    });
    entries.extend(nulls.map(|word| ("nulls".to_owned(), Value::text(word))));
    Value::Inline(entries)
}

/// The column or expression first, then what stands behind it.
fn key_entries(key: &IndexKey) -> Entries {
    let what = match &key.what {
        KeyOf::Column(column) => ("column".to_owned(), Value::text(column)),
        KeyOf::Expr(expr) => ("sql".to_owned(), Value::text(&expr.text)),
    };
    let texts = [("collation", &key.collation), ("opclass", &key.opclass)];
    let texts = texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Value::text(text.as_ref()?))));
    [what].into_iter().chain(texts).collect()
}
