//! Tables and their columns.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::objects;
use super::rows;
use crate::dialect::postgres::{expr, types};
use crate::model::{Column, Fill, Hint, Identity, Name, Table, TableOptions, Text};

/// The tables by the server's number for them, in the order of their names.
pub struct Tables {
    tables: Vec<(Name, Table)>,
    places: HashMap<u32, usize>,
}

impl Tables {
    pub fn new(rows: Vec<rows::Table>) -> Self {
        let places = rows.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
        let tables = rows
            .into_iter()
            .map(|row| {
                let options = TableOptions {
                    unlogged: row.unlogged,
                    storage: table_storage(row.storage, row.toast_storage),
                    access_method: row.access_method,
                    tablespace: row.tablespace,
                    ..TableOptions::default()
                };
                let table = Table { comment: row.comment, options, unmodelled: Hint(row.unmodelled), ..Table::default() };
                (rows::name(row.schema, row.name), table)
            })
            .collect();
        Self { tables, places }
    }

    /// The table with this number; `None` for one that is not managed (the tool's own, an inheritance child, an extension's).
    pub fn get(&mut self, id: u32) -> Option<&mut Table> {
        let place = *self.places.get(&id)?;
        self.tables.get_mut(place).map(|(_, table)| table)
    }

    pub fn add_columns(&mut self, rows: Vec<rows::Column>) {
        for row in rows {
            let Some(table) = self.get(row.table) else { continue };
            table.unmodelled.extend(row.unmodelled.iter().map(|what| format!("{what} of column {}", row.name)));
            table.columns.insert(row.name.clone(), column(row));
        }
    }

    pub fn into_tables(self) -> IndexMap<Name, Table> {
        self.tables.into_iter().collect()
    }
}

fn column(row: rows::Column) -> Column {
    let fill = fill(&row);
    Column {
        ty: Text::with_key(types::short_type(&row.ty), row.ty),
        nullable: !row.required,
        fill,
        collation: row.collation,
        comment: row.comment,
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
