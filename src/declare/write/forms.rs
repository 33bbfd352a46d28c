//! Which constraints of a table are written at a column, because that says the same thing in fewer words.

use indexmap::IndexMap;

use crate::dialect::Dialect;
use crate::model::{Check, Deferrable, Fill, ForeignKey, Index, IndexPart, Name, Order, Schema, Table, Unique, default_name};

/// What one column shows of its table, by the names of the constraints.
#[derive(Debug, Default, Clone)]
pub(super) struct ColumnForms {
    pub primary_key: bool,
    pub unique: Option<String>,
    pub index: Option<String>,
    pub reference: Option<String>,
    pub check: Option<String>,
    /// `serial` and the like, and the sequence that it stands for.
    pub serial: Option<(&'static str, Name)>,
}

/// The forms of every column. A column shows at most one constraint of a kind: the one with the usual name, else the first.
pub(super) fn forms(schema: &Schema, name: &Name, table: &Table, dialect: &dyn Dialect) -> IndexMap<String, ColumnForms> {
    let mut forms: IndexMap<String, ColumnForms> = table.columns.keys().map(|column| (column.clone(), ColumnForms::default())).collect();
    if let Some(column) = key_column(name, table).and_then(|column| forms.get_mut(column)) {
        column.primary_key = true;
    }
    // What a parent has a child does not write again, so there is no place for a constraint.
    let above: Vec<&Table> = table.parents().iter().filter_map(|parent| schema.tables.get(parent)).collect();
    forms.retain(|column, _| !above.iter().any(|parent| parent.columns.contains_key(column)));
    for (column, form) in &mut forms {
        let usual = |label: &str| default_name(&name.name, &[column], label);
        form.unique = choose(&table.uniques, &usual("key"), |unique| unique_at(unique) == Some(column));
        form.index = choose(&table.indexes, &usual("idx"), |index| index_at(index) == Some(column));
        form.index = form.index.take().filter(|index| !dialect.makes_index_itself(table, index));
        form.reference = choose(&table.foreign_keys, &usual("fkey"), |key| reference_at(schema, name, key) == Some(column));
        form.serial = serial(schema, name, table, column, dialect);
    }
    checks(name, table, &mut forms);
    forms
}

/// The part with the usual name if it fits, else the first that does.
fn choose<T>(parts: &IndexMap<String, T>, usual: &str, fits: impl Fn(&T) -> bool) -> Option<String> {
    let first = || parts.iter().find(|(_, part)| fits(part)).map(|(name, _)| name.clone());
    if parts.get(usual).is_some_and(&fits) { Some(usual.to_owned()) } else { first() }
}

fn key_column<'a>(name: &Name, table: &'a Table) -> Option<&'a String> {
    let key = table.primary_key.as_ref()?;
    let plain = key.name == default_name(&name.name, &[], "pkey")
        && key.include.is_empty()
        && key.deferrable == Deferrable::No
        && key.comment.is_none()
        && key.using.is_none()
        && key.parts.is_empty();
    match key.columns.as_slice() {
        [column] if plain => Some(column),
        _ => None,
    }
}

fn unique_at(unique: &Unique) -> Option<&String> {
    match unique.columns.as_slice() {
        [column] if unique.include.is_empty() => Some(column),
        _ => None,
    }
}

fn index_at(index: &Index) -> Option<&str> {
    let [part] = index.parts.as_slice() else { return None };
    if plain_index(index) { plain_part(part) } else { None }
}

/// True for an index that is nothing but a list of columns.
pub(super) fn plain_index(index: &Index) -> bool {
    !index.unique
        && index.method == "btree"
        && index.include.is_empty()
        && index.predicate.is_none()
        && !index.nulls_not_distinct
        && index.storage.is_empty()
        && index.tablespace.is_none()
        && index.comment.is_none()
        && index.parts.iter().all(|part| plain_part(part).is_some())
}

/// The column of an index part that says no more than that.
pub(super) fn plain_part(part: &IndexPart) -> Option<&str> {
    let plain =
        part.order == Order::Asc && part.length.is_none() && part.nulls.is_none() && part.key.collation.is_none() && part.key.opclass.is_none();
    part.key.column_name().filter(|_| plain)
}

fn reference_at<'a>(schema: &Schema, table: &Name, key: &'a ForeignKey) -> Option<&'a String> {
    match (key.columns.as_slice(), key.target_columns.as_slice()) {
        ([column], [_]) if reach(schema, table, &key.target).is_some() => Some(column),
        _ => None,
    }
}

/// How a table of the same schema as `from` is named there; `None` for one of the default schema that is hidden by another of its name.
pub(super) fn reach<'a>(schema: &Schema, from: &Name, target: &'a Name) -> Option<Vec<&'a str>> {
    match &target.schema {
        schema if *schema == from.schema => Some(vec![&target.name]),
        Some(schema) => Some(vec![schema, &target.name]),
        None => (!schema.tables.contains_key(&from.sibling(&target.name))).then(|| vec![target.name.as_str()]),
    }
}

/// A check with the usual name of a column, or one that is known to be a column's own.
fn checks(name: &Name, table: &Table, forms: &mut IndexMap<String, ColumnForms>) {
    let mut taken: Vec<String> = Vec::new();
    for (column, form) in forms.iter_mut() {
        let usual = default_name(&name.name, &[column], "check");
        if table.checks.contains_key(&usual) && !taken.contains(&usual) {
            taken.push(usual.clone());
            form.check = Some(usual);
        }
    }
    let hinted = |check: &Check| check.column.0.clone();
    for (check_name, check) in &table.checks {
        if !taken.contains(check_name)
            && let Some(form) = hinted(check).and_then(|column| forms.get_mut(&column))
            && form.check.is_none()
        {
            form.check = Some(check_name.clone());
        }
    }
}

/// The word for a column that takes its numbers from a sequence of its own in the usual way.
fn serial(schema: &Schema, name: &Name, table: &Table, column: &str, dialect: &dyn Dialect) -> Option<(&'static str, Name)> {
    let shape = table.columns.get(column)?;
    let Fill::Default(default) = &shape.fill else { return None };
    let sequence_name = name.sibling(default_name(&name.name, &[column], "seq"));
    let sequence = schema.sequences.get(&sequence_name)?;
    let word = ["serial", "bigserial", "smallserial"]
        .into_iter()
        .find(|word| dialect.serial_type(word).is_some_and(|ty| ty == shape.ty.text || ty == shape.ty.key))?;
    let expected = crate::declare::lower::serial_default(dialect, &sequence_name);
    let usual = sequence.options == crate::model::SequenceOptions::default()
        && !sequence.unlogged
        && sequence.comment.is_none()
        && sequence.grants.is_empty()
        && Some(sequence.ty.as_str()) == dialect.serial_type(word)
        && sequence.owned_by.as_ref().is_some_and(|(table, owner)| table == name && owner == column);
    let same_default = default.text == expected || default.key == expected;
    (usual && same_default && !shape.nullable).then_some((word, sequence_name))
}
