//! Tables that come, change and go.

use std::collections::BTreeSet;

use super::Planner;
use super::column::{is_generated_anew, reads_converted};
use crate::dialect::Dialect as _;
use crate::dialect::mysql::{Mysql, render};
use crate::diff::{Part, PartEdit, TableAlter, TableChange, TableEdit};
use crate::model::{Fill, Name, Table};
use crate::plan::Refusal;

impl<'a> Planner<'a> {
    /// Makes the new tables, each behind those that it points at, and gives the foreign keys that have to wait: those of tables that point
    /// at each other, and those to tables that are yet to change.
    pub(super) fn create_tables(&mut self) -> Vec<(Name, String)> {
        let mut waiting: Vec<(&'a Name, &'a Table)> = self
            .changes
            .tables
            .iter()
            .filter_map(|(name, edit)| match edit {
                TableEdit::Create(table) => Some((name, table)),
                TableEdit::Alter(_) | TableEdit::Drop(_) => None,
            })
            .collect();
        let mut names: BTreeSet<&Name> = waiting.iter().map(|(name, _)| *name).collect();
        let mut later = Vec::new();
        while !waiting.is_empty() {
            let is_free =
                |(name, table): &(&Name, &Table)| table.foreign_keys.values().all(|key| key.target == **name || !names.contains(&key.target));
            let (name, table) = waiting.remove(waiting.iter().position(is_free).unwrap_or(0));
            let must_wait = |target: &Name| target != name && (names.contains(target) || self.changes.altered(target).is_some());
            let out: Vec<&str> = table.foreign_keys.iter().filter(|(_, key)| must_wait(&key.target)).map(|(name, _)| name.as_str()).collect();
            let sql = render::create_table(name, table, &out, self.version());
            later.extend(out.iter().map(|key| (name.clone(), (*key).to_owned())));
            self.alone(format!("create {name}"), sql);
            names.remove(name);
        }
        later
    }

    /// Changes a table but for its foreign keys and checks, which go before and come behind all tables, and the columns that go, which go last.
    pub(super) fn alter_table(&mut self, name: &Name, alter: &'a TableAlter) -> Result<(), Refusal> {
        let fills = self.fills(name, alter)?;
        for change in &alter.changes {
            if let TableChange::AlterColumn(column, delta) = change
                && is_generated_anew(alter, column, *delta)
                && !matches!(alter.from.columns[column].fill, Fill::Generated { .. })
            {
                self.notes.push(format!("Replaces the values of {name}.{column} by what they are generated from: what they were is lost."));
            }
        }
        self.character_set(name, alter);
        self.rename_indexes_by_case(name, alter);
        self.add_columns(name, alter, &fills);
        self.fill_columns(name, alter, &fills);
        self.deduplicate(name, alter)?;
        let mut anew = self.drop_generated(name, alter);
        if let Some((title, sql)) = anew.take_if(|_| !reads_converted(alter, &fills)) {
            self.alone(title, sql);
        }
        self.drop_replaced_fulltext(name, alter);
        if is_entangled(alter) {
            let mut clauses = self.column_clauses(name, alter, &fills);
            clauses.extend(self.generated_clauses(name, alter));
            clauses.extend(self.index_clauses(alter));
            let counts_anew = alter.to.columns.iter().any(|(column, shape)| matches!(shape.fill, Fill::Identity(_)) && alter.adds_column(column));
            if let (true, Some(number)) = (counts_anew, *alter.to.options.auto_increment) {
                clauses.push((format!("numbers of {name}"), format!("AUTO_INCREMENT={number}")));
            }
            self.clauses(name, "change", clauses);
        } else {
            let columns = self.column_clauses(name, alter, &fills);
            self.clauses(name, "change columns of", columns);
            if let Some((title, sql)) = anew.take() {
                self.alone(title, sql);
            }
            let generated = self.generated_clauses(name, alter);
            self.clauses(name, "add generated columns to", generated);
            let indexes = self.index_clauses(alter);
            self.clauses(name, "change indexes of", indexes);
        }
        if let Some((title, sql)) = anew {
            self.alone(title, sql);
        }
        self.options(name, alter)?;
        self.stop_filling(name, alter, &fills);
        Ok(())
    }

    /// One ALTER TABLE of all clauses: the table is written at most once.
    pub(super) fn clauses(&mut self, table: &Name, what: &str, clauses: Vec<(String, String)>) {
        if clauses.is_empty() {
            return;
        }
        let title = match clauses.as_slice() {
            [(title, _)] => title.clone(),
            _ => format!("{what} {table}"),
        };
        let list: Vec<&str> = clauses.iter().map(|(_, clause)| clause.as_str()).collect();
        let separator = if list.len() > 1 { ",\n  " } else { ", " };
        let first = if list.len() > 1 { "\n  " } else { " " };
        self.alone(title, format!("ALTER TABLE {}{first}{}", Mysql.name(table), list.join(separator)));
    }

    /// Columns that go, once nothing reads them any more.
    pub(super) fn drop_columns(&mut self) {
        for (name, alter) in self.alters() {
            let gone = alter.changes.iter().filter_map(|change| match change {
                // A column that counts has gone with its key.
                TableChange::DropColumn(column) if !matches!(alter.from.columns[column].fill, Fill::Identity(_)) => Some(column),
                _ => None,
            });
            let gone: Vec<&String> = gone.collect();
            if gone.is_empty() {
                continue;
            }
            let clauses: Vec<String> = gone.iter().map(|column| format!("DROP COLUMN {}", Mysql.quote(column))).collect();
            let title = gone.iter().map(|column| format!("{name}.{column}")).collect::<Vec<_>>().join(", ");
            self.contract(format!("drop {title}"), format!("ALTER TABLE {} {}", Mysql.name(name), clauses.join(", ")));
        }
    }

    /// Tables that go, each before those that it points at. Those that point at each other have let go of each other before.
    pub(super) fn drop_tables(&mut self) {
        let mut waiting: Vec<(&Name, &Table)> = self.dropped_tables();
        while !waiting.is_empty() {
            let is_pointed_at = |target: &Name| waiting.iter().any(|(name, table)| *name != target && points_at(table, target));
            let next = waiting.iter().position(|(name, _)| !is_pointed_at(name)).unwrap_or(0);
            let (name, _) = waiting.remove(next);
            self.contract(format!("drop {name}"), format!("DROP TABLE {}", Mysql.name(name)));
        }
    }

    pub(super) fn dropped_tables(&self) -> Vec<(&'a Name, &'a Table)> {
        let dropped = self.changes.tables.iter().filter_map(|(name, edit)| match edit {
            TableEdit::Drop(table) => Some((name, table)),
            TableEdit::Alter(_) | TableEdit::Create(_) => None,
        });
        dropped.collect()
    }
}

fn points_at(table: &Table, target: &Name) -> bool {
    table.foreign_keys.values().any(|key| key.target == *target)
}

/// True where columns and keys can only change together: AUTO_INCREMENT needs a key at every moment, a prefix its index, and a column that
/// an index has must not become what the index cannot hold.
fn is_entangled(alter: &TableAlter) -> bool {
    let parts = alter.changes.iter().flat_map(|change| match change {
        TableChange::Part(_, PartEdit::Add(part) | PartEdit::Drop(part)) => vec![part],
        TableChange::Part(_, PartEdit::Replace { from, to }) => vec![from, to],
        _ => Vec::new(),
    });
    let changed: Vec<&Part> = parts.filter(|part| is_index(part)).collect();
    let numbered = |column: &str| [&alter.from, &alter.to].iter().any(|t| matches!(t.columns.get(column).map(|c| &c.fill), Some(Fill::Identity(_))));
    alter.changes.iter().any(|change| match change {
        TableChange::AddColumn(column) | TableChange::DropColumn(column) => numbered(column),
        TableChange::AlterColumn(column, delta) => {
            (delta.ty || delta.collation || delta.fill || delta.nullable) && (changed.iter().any(|part| part.columns().contains(&column.as_str())))
                || delta.fill && numbered(column)
        }
        TableChange::Part(_, PartEdit::Replace { from: part, .. } | PartEdit::Drop(part)) => {
            is_index(part) && part.columns().iter().any(|column| numbered(column) || alter.changes.iter().any(|c| is_drop(c, column)))
        }
        _ => false,
    })
}

fn is_drop(change: &TableChange, column: &str) -> bool {
    matches!(change, TableChange::DropColumn(gone) if gone == column)
}

/// True for what ADD and DROP INDEX are about.
pub(super) fn is_index(part: &Part) -> bool {
    matches!(part, Part::PrimaryKey(_) | Part::Unique(_) | Part::Index(_))
}
