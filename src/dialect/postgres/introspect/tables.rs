//! Tables and their columns.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::catalog::{CLASS, Catalog};
use super::objects;
use super::rows;
use crate::dialect::postgres::{expr, types};
use crate::model::{Column, ColumnOptions, Fill, Foreign, Hint, Identity, Key, Name, Object, ObjectId, Partition, Schema, Table, TableOptions, Text};

/// The tables by the server's number for them, in the order of their names, and the views, of which some have indexes.
pub struct Tables {
    tables: Vec<(Name, Table)>,
    places: HashMap<u32, usize>,
    views: Vec<(u32, ObjectId, Object)>,
}

impl Tables {
    pub fn new(rows: Vec<rows::Table>) -> Self {
        let places = rows.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
        let tables = rows
            .into_iter()
            .map(|row| {
                let inherits = if row.bound.is_some() { Vec::new() } else { row.parents.iter().map(parent).collect() };
                let options = TableOptions {
                    unlogged: row.unlogged,
                    storage: table_storage(row.storage, row.toast_storage),
                    access_method: row.access_method,
                    tablespace: row.tablespace,
                    row_security: row.row_security,
                    force_row_security: row.force_row_security,
                    replica_identity: row.replica_identity,
                    partition_by: row.partition_by.map(Text::new),
                    partition: partition(row.bound, &row.parents),
                    inherits,
                    foreign: row.server.map(|server| Foreign { server, options: storage(row.foreign_options) }),
                    ..TableOptions::default()
                };
                let table = Table { comment: row.comment, options, unmodelled: Hint(row.unmodelled), ..Table::default() };
                (rows::name(row.schema, row.name), table)
            })
            .collect();
        Self { tables, places, views: Vec::new() }
    }

    /// The table with this number; `None` for one that is not managed (the tool's own, an inheritance child, an extension's).
    pub fn get(&mut self, id: u32) -> Option<&mut Table> {
        let place = *self.places.get(&id)?;
        self.tables.get_mut(place).map(|(_, table)| table)
    }

    /// The name of the table with this number.
    pub fn name(&self, id: u32) -> Option<&Name> {
        self.places.get(&id).map(|place| &self.tables[*place].0)
    }

    pub fn add_view(&mut self, id: u32, name: ObjectId, view: Object) {
        self.views.push((id, name, view));
    }

    /// The materialized view with this number.
    pub fn view(&mut self, id: u32) -> Option<&mut Object> {
        self.views.iter_mut().find(|(view, ..)| *view == id).map(|(_, _, object)| object)
    }

    /// Tells the catalog of the tables.
    pub fn register(&self, catalog: &mut Catalog) {
        for (id, place) in &self.places {
            catalog.add(CLASS, *id, Key::Table(self.tables[*place].0.clone()));
        }
    }

    pub fn add_column(&mut self, row: rows::Column, catalog: &mut Catalog) {
        let Some(place) = self.places.get(&row.table) else { return };
        let (name, table) = &mut self.tables[*place];
        catalog.add_column(row.table, row.number, &row.name);
        if let Some(sequence) = row.sequence {
            catalog.add(CLASS, sequence, Key::Column(name.clone(), row.name.clone()));
        }
        table.columns.insert(row.name.clone(), column(row));
    }

    pub fn finish(self, schema: &mut Schema) {
        schema.tables.extend(self.tables);
        schema.objects.extend(self.views.into_iter().map(|(_, id, view)| (id, view)));
    }
}

fn parent((schema, name): &(Option<String>, String)) -> Name {
    Name::within(schema.as_deref(), name)
}

/// `FOR VALUES IN (1)` as schema.toml has it, without the first two words.
fn partition(bound: Option<String>, parents: &[(Option<String>, String)]) -> Option<Partition> {
    let bound = bound?;
    let short = bound.strip_prefix("FOR VALUES ").unwrap_or(&bound).to_owned();
    Some(Partition { of: parents.first().map(parent)?, bound: Text::new(short) })
}

fn sorted(mut options: IndexMap<String, String>) -> IndexMap<String, String> {
    options.sort_keys();
    options
}

fn column(row: rows::Column) -> Column {
    let fill = fill(&row);
    Column {
        ty: Text::with_key(types::short_type(&row.ty), row.ty),
        nullable: !row.required,
        fill,
        collation: row.collation,
        comment: row.comment,
        options: ColumnOptions {
            storage: row.storage,
            compression: row.compression,
            statistics: row.statistics,
            settings: sorted(storage(row.settings)),
            foreign: sorted(storage(row.foreign_options)),
            ..ColumnOptions::default()
        },
        hints: Hint::default(),
    }
}

fn fill(row: &rows::Column) -> Fill {
    if let Some(kind) = &row.identity {
        let options = row.numbers.as_ref().map(objects::options).unwrap_or_default();
        return Fill::Identity(Identity { always: kind == "a", options, ..Identity::default() });
    }
    match (&row.expression, row.generated.as_deref()) {
        (Some(expression), Some(kind)) => Fill::Generated { expr: Text::new(expr::unwrap(expression)), stored: kind == "s" },
        (Some(expression), None) => Fill::Default(Text::new(expr::unwrap(expression))),
        (None, _) => Fill::None,
    }
}

/// The parameters of a table's WITH (...), sorted by name; those of the TOAST table with their prefix.
fn table_storage(own: Option<Vec<String>>, toast: Option<Vec<String>>) -> IndexMap<String, String> {
    let toast = toast.unwrap_or_default().into_iter().map(|option| format!("toast.{option}"));
    let mut parameters = storage(own.unwrap_or_default().into_iter().chain(toast));
    parameters.sort_keys();
    parameters
}

/// `name=value` pairs, in the server's order.
pub fn storage(options: impl IntoIterator<Item = String>) -> IndexMap<String, String> {
    let pair = |option: String| match option.split_once('=') {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (option, "true".to_owned()),
    };
    options.into_iter().map(pair).collect()
}
