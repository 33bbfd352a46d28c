//! Columns that come and change. MODIFY restates all of a column, since the server forgets what is not said again.

use indexmap::IndexMap;

use super::Planner;
use super::fill::FillOf;
use super::keys::drop_clause;
use super::table::is_index;
use crate::dialect::Dialect as _;
use crate::dialect::mysql::{Mysql, is_mariadb, render, types};
use crate::diff::{ColumnDelta, Part, TableAlter, TableChange, parts};
use crate::model::{Column, Fill, Name, Table, Text};

/// The columns of a table that get values, with how.
pub(super) type Fills = IndexMap<String, FillOf>;

/// The name of the column in which converted values are gathered: one that the table has not.
pub(super) fn passing_name(column: &str, alter: &TableAlter) -> String {
    let is_taken = |name: &String| [&alter.from, &alter.to].iter().any(|table| table.columns.keys().any(|other| other.eq_ignore_ascii_case(name)));
    let stem: String = format!("dbtool_new_{column}").chars().take(61).collect();
    let names = std::iter::once(stem.clone()).chain((2..).map(|count: usize| format!("{stem}_{count}")));
    names.into_iter().find(|name| !is_taken(name)).unwrap_or(stem)
}

/// That column, as it stands behind ADD COLUMN.
fn passing_column(column: &str, alter: &TableAlter, version: u32) -> String {
    let shape = Column { nullable: true, fill: Fill::None, ..alter.to.columns[column].clone() };
    render::column(&passing_name(column, alter), &shape, &alter.to, version)
}

impl Planner<'_> {
    /// ADD COLUMN for all that come, in the shape in which rows can do without a value, or with the one value that all of them get.
    pub(super) fn add_columns(&mut self, name: &Name, alter: &TableAlter, fills: &Fills) {
        let mut clauses = Vec::new();
        for change in &alter.changes {
            match change {
                // A column that counts needs its key at once, and one that is generated what it reads.
                TableChange::AddColumn(column) if matches!(alter.to.columns[column].fill, Fill::Identity(_) | Fill::Generated { .. }) => {}
                TableChange::AddColumn(column) => {
                    let shape = self.first_shape(&alter.to.columns[column], fills.get(column));
                    let clause = format!("ADD COLUMN {}{}", render::column(column, &shape, &alter.to, self.version()), new_place(column, alter));
                    clauses.push((format!("add {name}.{column}"), clause));
                }
                TableChange::AlterColumn(column, _) => {
                    if let Some(FillOf::Convert(_)) = fills.get(column) {
                        let clause = format!("ADD COLUMN {}", passing_column(column, alter, self.version()));
                        clauses.push((format!("a column for the new values of {name}.{column}"), clause));
                    }
                }
                _ => {}
            }
        }
        self.clauses(name, "add columns to", clauses);
    }

    /// New columns that are generated: they come once what they read has its last shape.
    pub(super) fn generated_clauses(&self, name: &Name, alter: &TableAlter) -> Vec<(String, String)> {
        let added = alter.changes.iter().filter_map(|change| match change {
            TableChange::AddColumn(column) if matches!(alter.to.columns[column].fill, Fill::Generated { .. }) => Some(column),
            _ => None,
        });
        let clause = |column: &String| {
            format!("ADD COLUMN {}{}", render::column(column, &alter.to.columns[column], &alter.to, self.version()), new_place(column, alter))
        };
        added.map(|column| (format!("add {name}.{column}"), clause(column))).collect()
    }

    /// Columns of which another one takes the place and the name.
    pub(super) fn replaced_columns(&self, name: &Name, alter: &TableAlter) -> Vec<String> {
        let fills = self.fills(name, alter).unwrap_or_default();
        let converted = fills.iter().filter(|(_, fill)| matches!(fill, FillOf::Convert(_))).map(|(column, _)| column.clone());
        converted.chain(generated_anew(alter).cloned()).chain(generated_together(alter)).collect()
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
        let together = generated_together(alter);
        let mut clauses = Vec::new();
        for change in &alter.changes {
            match change {
                TableChange::AddColumn(column) if matches!(alter.to.columns[column].fill, Fill::Identity(_)) => {
                    clauses.push((format!("add {name}.{column}"), format!("ADD COLUMN {}", last(column))));
                }
                TableChange::AddColumn(column) if fills.get(column).is_some_and(|fill| !matches!(fill, FillOf::Constant(_))) => {
                    clauses.push((self.settled_title(name, column, alter), format!("MODIFY COLUMN {}", last(column))));
                }
                TableChange::DropColumn(column) if matches!(alter.from.columns[column].fill, Fill::Identity(_)) => {
                    clauses.push((format!("drop {name}.{column}"), format!("DROP COLUMN {}", Mysql.quote(column))));
                }
                TableChange::AlterColumn(column, _) if together.contains(column) => {}
                TableChange::AlterColumn(column, delta) if is_generated_anew(alter, column, *delta) => {
                    let anew = format!("DROP COLUMN {}, ADD COLUMN {}{}", Mysql.quote(column), last(column), place(column, alter, &[]));
                    clauses.push((format!("generate {name}.{column} anew"), with_indexes(column, &anew, alter, version)));
                }
                TableChange::AlterColumn(column, _) => match fills.get(column) {
                    Some(how @ FillOf::Convert(_)) => {
                        let gone = if reads_converted(alter, fills) { together.as_slice() } else { &[] };
                        let mut clause = convert(column, &last(column), alter, gone, version);
                        if self.fills_by_trigger(name, alter, column, how) {
                            // The triggers go on setting a column of this name until they are gone.
                            clause.push_str(&format!(", ADD COLUMN {}", passing_column(column, alter, version)));
                        }
                        clauses.push((format!("change {name}.{column}"), clause));
                    }
                    _ => clauses.push((format!("change {name}.{column}"), format!("MODIFY COLUMN {}", last(column)))),
                },
                _ => {}
            }
        }
        clauses.extend(self.unmarked(name, alter));
        clauses
    }

    /// MySQL remembers that a column's collation was written out. Where that of the table becomes the same, it is to be forgotten.
    fn unmarked(&self, name: &Name, alter: &TableAlter) -> Vec<(String, String)> {
        let collation = &alter.to.options.collation;
        if alter.from.options.collation == *collation {
            return Vec::new();
        }
        let is_changed = |column: &str| alter.changes.iter().any(|change| matches!(change, TableChange::AlterColumn(other, _) if other == column));
        let follows = |column: &&String, shape: &Column| {
            let before = alter.from.columns.get(*column);
            shape.options.charset.is_none()
                && shape.collation == *collation
                && before.is_some_and(|it| it.collation == *collation)
                && !is_changed(column)
        };
        let marked = alter.to.columns.iter().filter(|(column, shape)| follows(column, shape));
        marked
            .map(|(column, shape)| {
                let clause = format!("MODIFY COLUMN {}", render::column(column, shape, &alter.to, self.version()));
                (format!("collation of {name}.{column}"), clause)
            })
            .collect()
    }

    /// Columns that are generated from each other go together, and come back together: MySQL lets none of them go from under another.
    /// Gives the title and the statement with which they come back.
    pub(super) fn drop_generated(&mut self, name: &Name, alter: &TableAlter) -> Option<(String, String)> {
        let together = generated_together(alter);
        if together.is_empty() {
            return None;
        }
        let quoted = |column: &String| Mysql.quote(column);
        let held: Vec<(String, Part)> = parts(&alter.to)
            .into_iter()
            .filter(|(name, part)| {
                is_index(part) && alter.from.indexes.contains_key(name) && part.columns().iter().any(|it| together.iter().any(|c| c == it))
            })
            .collect();
        let mut drops: Vec<String> = held.iter().map(|(index, part)| drop_clause(index, part)).collect();
        drops.extend(together.iter().rev().map(|column| format!("DROP COLUMN {}", quoted(column))));
        let shape = |column: &String| render::column(column, &alter.to.columns[column], &alter.to, self.version());
        let mut adds: Vec<String> = together.iter().map(|column| format!("ADD COLUMN {}{}", shape(column), place(column, alter, &[]))).collect();
        adds.extend(held.iter().map(|(index, part)| format!("ADD {}", render::part(index, part, self.version()))));
        if together.len() == alter.from.columns.len() {
            // A table has a column at every moment.
            drops.insert(0, "ADD COLUMN dbtool_new_column int".to_owned());
            adds.push("DROP COLUMN dbtool_new_column".to_owned());
        }
        let table = Mysql.name(name);
        let list = together.join(", ");
        self.alone(format!("what {list} of {name} are generated from"), format!("ALTER TABLE {table} {}", drops.join(", ")));
        Some((format!("generate {list} of {name} anew"), format!("ALTER TABLE {table} {}", adds.join(", "))))
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

fn generated_anew(alter: &TableAlter) -> impl Iterator<Item = &String> {
    alter.changes.iter().filter_map(|change| match change {
        TableChange::AlterColumn(column, delta) if is_generated_anew(alter, column, *delta) => Some(column),
        _ => None,
    })
}

/// True where columns that go together read one of which another takes the place: they cannot come back before that.
pub(super) fn reads_converted(alter: &TableAlter, fills: &Fills) -> bool {
    let reads = |table: &Table, column: &str, other: &str| matches!(table.columns.get(column).map(|shape| &shape.fill), Some(Fill::Generated { expr, .. }) if crate::plan::mentions(&expr.key, other));
    let mut converted = fills.iter().filter(|(_, fill)| matches!(fill, FillOf::Convert(_)));
    let together = generated_together(alter);
    converted.any(|(converted, _)| together.iter().any(|column| reads(&alter.from, column, converted) || reads(&alter.to, column, converted)))
}

/// The columns that are generated anew and those that are generated from them, in their order; none where there is but one.
pub(super) fn generated_together(alter: &TableAlter) -> Vec<String> {
    let mut found: Vec<String> = generated_anew(alter).cloned().collect();
    loop {
        let more = alter.to.columns.iter().find(|(column, shape)| {
            let reads = |expr: &str| found.iter().any(|other| crate::plan::mentions(expr, other));
            alter.from.columns.contains_key(*column)
                && !found.contains(column)
                && matches!(&shape.fill, Fill::Generated { expr, .. } if reads(&expr.key))
        });
        match more {
            Some((column, _)) => found.push(column.clone()),
            None => break,
        }
    }
    found.sort_by_key(|column| alter.from.columns.get_index_of(column));
    if found.len() > 1 { found } else { Vec::new() }
}

/// The new column takes the place of the old one, while those of `gone` are not there.
fn convert(column: &str, last: &str, alter: &TableAlter, gone: &[String], version: u32) -> String {
    let (old, new) = (Mysql.quote(column), Mysql.quote(&passing_name(column, alter)));
    let moved = format!("DROP COLUMN {old}, CHANGE COLUMN {new} {last}{}", place(column, alter, gone));
    with_indexes(column, &moved, alter, version)
}

/// Where a new column stands, as the end of its clause; nothing where that is at the end.
fn new_place(column: &str, alter: &TableAlter) -> String {
    let at = alter.to.columns.get_index_of(column).unwrap_or_default();
    let is_there = |name: &str| alter.from.columns.contains_key(name);
    if !alter.to.columns.keys().skip(at + 1).any(|later| is_there(later)) {
        return String::new();
    }
    let counts = |name: &str| matches!(alter.to.columns[name].fill, Fill::Identity(_) | Fill::Generated { .. }) && !is_there(name);
    match alter.to.columns.keys().take(at).rfind(|before| !counts(before)) {
        Some(before) => format!(" AFTER {}", Mysql.quote(before)),
        None => " FIRST".to_owned(),
    }
}

/// Where the column stands, as the end of its clause, while those of `gone` are not there.
fn place(column: &str, alter: &TableAlter, gone: &[String]) -> String {
    let at = alter.from.columns.get_index_of(column).unwrap_or_default();
    match alter.from.columns.keys().take(at).rfind(|before| !gone.contains(before)) {
        Some(before) => format!(" AFTER {}", Mysql.quote(before)),
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
        clause.push_str(&format!("{}, ", drop_clause(name, part)));
    }
    clause.push_str(moved);
    for (name, part) in &held {
        clause.push_str(&format!(", ADD {}", render::part(name, part, version)));
    }
    clause
}
