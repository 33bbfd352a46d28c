//! Columns that come and change. MODIFY restates all of a column, since the server forgets what is not said again.

use std::collections::BTreeMap;

use super::Planner;
use super::fill::FillOf;
use super::table::is_index;
use crate::dialect::Dialect as _;
use crate::dialect::mysql::{Mysql, is_mariadb, render, types};
use crate::diff::{ColumnDelta, TableAlter, TableChange, parts};
use crate::model::{Column, Fill, Name, Table, Text};

/// The columns of a table that get values, with how.
pub(super) type Fills = BTreeMap<String, FillOf>;

/// The name of the column in which converted values are gathered.
pub(super) fn passing_name(column: &str) -> String {
    let mut name = format!("dbtool_new_{column}");
    while name.chars().count() > 64 {
        name.pop();
    }
    name
}

impl Planner<'_> {
    /// ADD COLUMN for all that come, in the shape in which rows can do without a value, or with the one value that all of them get.
    pub(super) fn add_columns(&mut self, name: &Name, alter: &TableAlter, fills: &Fills) {
        let (mut plain, mut computed) = (Vec::new(), Vec::new());
        for change in &alter.changes {
            match change {
                // A column that counts needs its key at once.
                TableChange::AddColumn(column) if matches!(alter.to.columns[column].fill, Fill::Identity(_)) => {}
                TableChange::AddColumn(column) => {
                    let shape = self.first_shape(&alter.to.columns[column], fills.get(column));
                    let clause = format!("ADD COLUMN {}", render::column(column, &shape, &alter.to, self.version()));
                    let list = if matches!(shape.fill, Fill::Generated { .. }) { &mut computed } else { &mut plain };
                    list.push((format!("add {name}.{column}"), clause));
                }
                TableChange::AlterColumn(column, _) => {
                    if let Some(FillOf::Convert(_)) = fills.get(column) {
                        let shape = Column { nullable: true, fill: Fill::None, ..alter.to.columns[column].clone() };
                        let clause = format!("ADD COLUMN {}", render::column(&passing_name(column), &shape, &alter.to, self.version()));
                        plain.push((format!("a column for the new values of {name}.{column}"), clause));
                    }
                }
                _ => {}
            }
        }
        self.clauses(name, "add columns to", plain);
        self.clauses(name, "add generated columns to", computed);
    }

    fn first_shape(&self, shape: &Column, fill: Option<&FillOf>) -> Column {
        match fill {
            Some(FillOf::Constant(value)) => {
                // MySQL takes no literal as the default of such a type, but an expression.
                let is_long =
                    types::is_text(&shape.ty.key) && shape.ty.key.contains("text") || shape.ty.key.contains("blob") || shape.ty.key == "json";
                let value = if is_long && !is_mariadb(self.version()) { format!("({value})") } else { value.clone() };
                Column { fill: Fill::Default(Text::new(value)), ..shape.clone() }
            }
            Some(FillOf::Computed(_) | FillOf::Nulls(_)) => Column { nullable: true, fill: Fill::None, ..shape.clone() },
            Some(FillOf::Convert(_)) | None => shape.clone(),
        }
    }

    /// The clauses that bring columns into their last shape.
    pub(super) fn column_clauses(&self, name: &Name, alter: &TableAlter, fills: &Fills) -> Vec<(String, String)> {
        let version = self.version();
        let last = |column: &str| render::column(column, &alter.to.columns[column], &alter.to, version);
        let mut clauses = Vec::new();
        for change in &alter.changes {
            match change {
                TableChange::AddColumn(column) if matches!(alter.to.columns[column].fill, Fill::Identity(_)) => {
                    clauses.push((format!("add {name}.{column}"), format!("ADD COLUMN {}", last(column))));
                }
                TableChange::AddColumn(column) if fills.contains_key(column) => {
                    clauses.push((self.settled_title(name, column, alter), format!("MODIFY COLUMN {}", last(column))));
                }
                TableChange::DropColumn(column) if matches!(alter.from.columns[column].fill, Fill::Identity(_)) => {
                    clauses.push((format!("drop {name}.{column}"), format!("DROP COLUMN {}", Mysql.quote(column))));
                }
                TableChange::AlterColumn(column, delta) if is_generated_anew(alter, column, *delta) => {
                    let anew = format!("DROP COLUMN {}, ADD COLUMN {}{}", Mysql.quote(column), last(column), place(column, alter));
                    clauses.push((format!("generate {name}.{column} anew"), with_indexes(column, &anew, alter, version)));
                }
                TableChange::AlterColumn(column, _) => match fills.get(column) {
                    Some(FillOf::Convert(_)) => clauses.push((format!("change {name}.{column}"), convert(column, &last(column), alter, version))),
                    _ => clauses.push((format!("change {name}.{column}"), format!("MODIFY COLUMN {}", last(column)))),
                },
                _ => {}
            }
        }
        // The collation that a column has from its table is the table's business, so it is said again where that changes.
        if alter.from.options.collation != alter.to.options.collation {
            for (column, shape) in &alter.to.columns {
                let is_changed = alter.changes.iter().any(|change| matches!(change, TableChange::AlterColumn(other, _) if other == column));
                let explicit = shape.collation.is_some() && alter.from.columns.contains_key(column);
                if explicit && !is_changed && !alter.adds_column(column) && shape.collation != alter.to.options.collation {
                    clauses.push((format!("keep the collation of {name}.{column}"), format!("MODIFY COLUMN {}", last(column))));
                }
            }
        }
        clauses
    }

    fn settled_title(&self, name: &Name, column: &str, alter: &TableAlter) -> String {
        if alter.to.columns[column].nullable { format!("settle {name}.{column}") } else { format!("{name}.{column} is required") }
    }
}

/// True for a column that is generated from now on, or from something else: no server changes such a column in place, and nothing of it is lost.
pub(super) fn is_generated_anew(alter: &TableAlter, column: &str, delta: ColumnDelta) -> bool {
    let generated = |table: &Table| matches!(table.columns.get(column).map(|shape| &shape.fill), Some(Fill::Generated { .. }));
    generated(&alter.to) && (delta.fill || delta.ty && generated(&alter.from))
}

/// The new column takes the place of the old one.
fn convert(column: &str, last: &str, alter: &TableAlter, version: u32) -> String {
    let (old, new) = (Mysql.quote(column), Mysql.quote(&passing_name(column)));
    let moved = format!("DROP COLUMN {old}, CHANGE COLUMN {new} {last}{}", place(column, alter));
    with_indexes(column, &moved, alter, version)
}

/// Where the column stands, as the end of its clause.
fn place(column: &str, alter: &TableAlter) -> String {
    let at = alter.from.columns.get_index_of(column).unwrap_or_default();
    match at.checked_sub(1).and_then(|before| alter.from.columns.get_index(before)) {
        Some((before, _)) => format!(" AFTER {}", Mysql.quote(before)),
        None => " FIRST".to_owned(),
    }
}

/// What takes a column away and brings another one of its name, with the indexes that the first one has.
fn with_indexes(column: &str, moved: &str, alter: &TableAlter, version: u32) -> String {
    let mut clause = String::new();
    let changed = |name: &str| alter.changes.iter().any(|change| matches!(change, TableChange::Part(other, _) if other == name));
    let held = parts(&alter.to).into_iter().filter(|(name, part)| is_index(part) && part.columns().contains(&column) && !changed(name));
    let held: Vec<_> = held.collect();
    for (name, part) in &held {
        let drop = match part {
            crate::diff::Part::PrimaryKey(_) => "DROP PRIMARY KEY".to_owned(),
            _ => format!("DROP INDEX {}", Mysql.quote(name)),
        };
        clause.push_str(&format!("{drop}, "));
    }
    clause.push_str(moved);
    for (name, part) in &held {
        clause.push_str(&format!(", ADD {}", render::part(name, part, version)));
    }
    clause
}
