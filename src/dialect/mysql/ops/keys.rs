//! Indexes, checks and foreign keys.

use std::collections::BTreeSet;

use super::Planner;
use super::table::is_index;
use crate::dialect::Dialect as _;
use crate::dialect::mysql::introspect::is_plain;
use crate::dialect::mysql::{Mysql, is_mariadb, render};
use crate::diff::{Part, PartEdit, PartKind, TableAlter, TableChange, TableEdit, parts};
use crate::model::{Check, ForeignKey, Name, Table};
use crate::plan::{Statement, Step};

impl<'a> Planner<'a> {
    pub(super) fn alters(&self) -> impl Iterator<Item = (&'a Name, &'a TableAlter)> + use<'a> {
        self.changes.tables.iter().filter_map(|(name, edit)| match edit {
            TableEdit::Alter(alter) => Some((name, alter)),
            TableEdit::Create(_) | TableEdit::Drop(_) => None,
        })
    }

    /// Foreign keys that do not change themselves, but stand on a column that does, or on a key that goes.
    /// <https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html>
    pub(super) fn forced_keys(&self) -> BTreeSet<(Name, String)> {
        let mut forced = BTreeSet::new();
        for (name, table) in &self.context.from.tables {
            let Some(after) = self.table(name) else { continue };
            for (key_name, key) in &table.foreign_keys {
                let stays = after.foreign_keys.get(key_name) == Some(key);
                let moved = |table: &Name, columns: &[String]| self.changes.altered(table).is_some_and(|alter| moves(alter, columns));
                if stays && (moved(name, &key.columns) || moved(&key.target, &key.target_columns)) {
                    forced.insert((name.clone(), key_name.clone()));
                }
            }
        }
        forced
    }

    /// What keeps columns and keys from changing goes first: foreign keys and checks that go, are replaced or are in the way.
    pub(super) fn drop_keys_and_checks(&mut self) {
        let mut keys: Vec<(Name, String)> = self.forced.iter().cloned().collect();
        let mut checks: Vec<(Name, String)> = Vec::new();
        for (name, alter) in self.alters() {
            for change in &alter.changes {
                match change {
                    TableChange::Part(_, PartEdit::Rename { from, part }) => match part {
                        Part::ForeignKey(_) => keys.push((name.clone(), from.clone())),
                        Part::Check(_) => checks.push((name.clone(), from.clone())),
                        _ => {}
                    },
                    TableChange::Part(part, PartEdit::Drop(Part::ForeignKey(_)) | PartEdit::Replace { from: Part::ForeignKey(_), .. }) => {
                        keys.push((name.clone(), part.clone()));
                    }
                    TableChange::Part(part, PartEdit::Drop(Part::Check(_)) | PartEdit::Replace { from: Part::Check(_), .. }) => {
                        checks.push((name.clone(), part.clone()));
                    }
                    _ => {}
                }
            }
            checks.extend(self.checks_again(name, alter).into_iter().map(|(check, _)| (name.clone(), check.clone())));
        }
        let dropped = self.dropped_tables();
        for (name, table) in &dropped {
            // Tables that point at each other let go of each other before any of them goes.
            let moved = |key: &ForeignKey| self.changes.altered(&key.target).is_some_and(|alter| moves(alter, &key.target_columns));
            let rings = table.foreign_keys.iter().filter(|(_, key)| key.target != **name && (reaches(&dropped, &key.target, name) || moved(key)));
            keys.extend(rings.map(|(key, _)| ((*name).clone(), key.clone())));
        }
        for (table, key) in keys {
            let sql = format!("ALTER TABLE {} DROP FOREIGN KEY {}", Mysql.name(&table), Mysql.quote(&key));
            self.alone(format!("drop foreign key {key} of {table}"), sql);
        }
        for (table, check) in checks {
            self.alone(
                format!("drop check {check} of {table}"),
                format!("ALTER TABLE {} DROP CONSTRAINT {}", Mysql.name(&table), Mysql.quote(&check)),
            );
        }
    }

    /// The clauses for indexes and keys. What is new comes first, so that a foreign key is never without an index.
    pub(super) fn index_clauses(&self, alter: &TableAlter) -> Vec<(String, String)> {
        let version = self.version();
        let (mut drops, mut adds) = (Vec::new(), Vec::new());
        for change in &alter.changes {
            let TableChange::Part(name, edit) = change else { continue };
            match edit {
                PartEdit::Add(part) if is_index(part) => adds.push((title("add", name, part), format!("ADD {}", render::part(name, part, version)))),
                PartEdit::Drop(part) if is_index(part) => drops.push((title("drop", name, part), drop_clause(name, part))),
                PartEdit::Replace { from, to } | PartEdit::Comment { from, to } if is_index(from) => {
                    if is_fulltext(from) && is_fulltext(to) {
                        // The old one has gone in a statement of its own.
                        adds.push((title("add", name, to), format!("ADD {}", render::part(name, to, version))));
                        continue;
                    }
                    let clause = match only_visibility(from, to) {
                        Some(visible) => visibility(name, visible, version),
                        None => format!("{}, ADD {}", drop_clause(name, from), render::part(name, to, version)),
                    };
                    adds.push((title("replace", name, to), clause));
                }
                PartEdit::Rename { from, part } if is_index(part) && part.kind() != PartKind::PrimaryKey => {
                    if from.eq_ignore_ascii_case(name) {
                        continue;
                    }
                    let clause = format!("RENAME INDEX {} TO {}", Mysql.quote(from), Mysql.quote(name));
                    adds.push((format!("rename index {from} to {name}"), clause));
                }
                _ => {}
            }
        }
        adds.extend(drops);
        adds
    }

    /// In one statement MySQL takes two fulltext indexes on the same columns for one, whatever their parsers are.
    pub(super) fn drop_replaced_fulltext(&mut self, table: &Name, alter: &TableAlter) {
        for change in &alter.changes {
            if let TableChange::Part(name, PartEdit::Replace { from, to } | PartEdit::Comment { from, to }) = change
                && is_fulltext(from)
                && is_fulltext(to)
            {
                let sql = format!("ALTER TABLE {} {}", Mysql.name(table), drop_clause(name, from));
                self.alone(title("drop", name, from), sql);
            }
        }
    }

    /// A new name that differs in case only takes a detour: MariaDB finds the old one in its place.
    pub(super) fn rename_indexes_by_case(&mut self, table: &Name, alter: &TableAlter) {
        for change in &alter.changes {
            let TableChange::Part(name, PartEdit::Rename { from, part }) = change else { continue };
            if !is_index(part) || part.kind() == PartKind::PrimaryKey || !from.eq_ignore_ascii_case(name) {
                continue;
            }
            let passing: String = format!("dbtool_new_{name}").chars().take(64).collect();
            for (from, to) in [(from, &passing), (&passing, name)] {
                let sql = format!("ALTER TABLE {} RENAME INDEX {} TO {}", Mysql.name(table), Mysql.quote(from), Mysql.quote(to));
                self.alone(format!("rename index {from} to {to}"), sql);
            }
        }
    }

    /// Checks that do not change, on columns that go and come back under their name: they would go with them.
    fn checks_again(&self, name: &Name, alter: &'a TableAlter) -> Vec<(&'a String, &'a Check)> {
        if alter.to.checks.is_empty() {
            return Vec::new();
        }
        let replaced = self.replaced_columns(name, alter);
        let reads = |check: &Check| replaced.iter().any(|column| crate::plan::mentions(&check.expr.key, column));
        let stays = |name: &String, check: &Check| alter.from.checks.get(name) == Some(check);
        alter.to.checks.iter().filter(|(name, check)| stays(name, check) && reads(check)).collect()
    }

    pub(super) fn add_checks(&mut self) {
        for (name, alter) in self.alters() {
            for (check_name, check) in self.checks_again(name, alter) {
                let sql = format!("ALTER TABLE {} ADD {}", Mysql.name(name), render::check(check_name, check));
                self.alone(format!("add check {check_name} to {name}"), sql);
            }
            for (check_name, part) in added(alter) {
                let Part::Check(check) = part else { continue };
                self.correct_rows(name, alter, check);
                let sql = format!("ALTER TABLE {} ADD {}", Mysql.name(name), render::check(check_name, check));
                self.alone(format!("add check {check_name} to {name}"), sql);
            }
        }
    }

    /// Rows that fail a new check get the backfill of the column that has one.
    fn correct_rows(&mut self, name: &Name, alter: &TableAlter, check: &Check) {
        let filled =
            alter.to.columns.iter().find(|(column, shape)| {
                shape.hints.backfill.is_some() && !alter.adds_column(column) && crate::plan::mentions(&check.expr.key, column)
            });
        let Some((column, fill)) = filled.and_then(|(column, shape)| Some((column, shape.hints.backfill.as_ref()?))) else { return };
        if self.context.direction == crate::plan::Direction::Down {
            return;
        }
        let kept = self.keep_times(name, &[column], true);
        let sql = format!("UPDATE {} SET {} = {}{kept} WHERE NOT ({})", Mysql.name(name), Mysql.quote(column), fill.sql, check.expr.text);
        self.rows(format!("correct {name}.{column}"), Statement::new(sql));
    }

    /// Foreign keys that are new, of tables that are there or had to wait, and those that had to go meanwhile.
    pub(super) fn add_foreign_keys(&mut self, later: &[(Name, String)]) {
        let mut keys: Vec<(Name, String, &'a ForeignKey)> = Vec::new();
        for (table, key_name) in self.forced.iter().chain(later) {
            if let Some(key) = self.table(table).and_then(|table| table.foreign_keys.get(key_name)) {
                keys.push((table.clone(), key_name.clone(), key));
            }
        }
        for (name, alter) in self.alters() {
            for (key_name, part) in added(alter) {
                if let Part::ForeignKey(key) = part {
                    keys.push((name.clone(), key_name.to_owned(), key));
                }
            }
        }
        for (table, key_name, key) in keys {
            if let Some(statement) = self.adopt_orphans(&table, key) {
                self.rows(format!("rows of {table} that point nowhere"), statement);
            }
            let own = self.index_again(&table, key);
            let sql = format!("ALTER TABLE {} {own}ADD {}", Mysql.name(&table), render::foreign_key(&key_name, key, self.version()));
            self.alone(format!("add foreign key {key_name} to {table}"), sql);
        }
    }

    /// An index that the server may have made for an earlier foreign key on the columns would go for one of another name, unless it is one
    /// that somebody has made. The table is copied anyway.
    fn index_again(&self, table: &Name, key: &ForeignKey) -> String {
        let Some((from, to)) = self.context.from.tables.get(table).zip(self.table(table)) else { return String::new() };
        if !from.foreign_keys.values().any(|other| other.columns == key.columns) {
            return String::new();
        }
        let serves = |index: &&crate::model::Index| {
            is_plain(index)
                && !index.unique
                && index.parts.iter().filter_map(|part| part.key.column_name()).eq(key.columns.iter().map(String::as_str))
        };
        let found = to.indexes.iter().find(|(name, index)| serves(index) && from.indexes.get(*name) == Some(*index));
        found.map_or_else(String::new, |(name, index)| {
            format!("DROP INDEX {}, ADD {}, ", Mysql.quote(name), render::index(name, index, self.version()))
        })
    }

    /// A statement that changes rows, in a transaction of its own.
    pub(super) fn rows(&mut self, title: String, statement: Statement) {
        self.steps.push(Step::new(title, vec![statement]));
    }
}

/// The parts that are new or other than they were, those that only change their name included where that takes a new one.
fn added(alter: &TableAlter) -> impl Iterator<Item = (&str, &Part)> {
    alter.changes.iter().filter_map(|change| match change {
        TableChange::Part(name, PartEdit::Add(part) | PartEdit::Replace { to: part, .. } | PartEdit::Rename { part, .. }) => {
            Some((name.as_str(), part))
        }
        _ => None,
    })
}

/// True where a foreign key on `columns` cannot stay: one of them changes its type, or the only key on them goes or changes.
fn moves(alter: &TableAlter, columns: &[String]) -> bool {
    let retyped = alter.changes.iter().any(|change| match change {
        TableChange::AlterColumn(column, delta) => {
            let converted = alter.to.columns.get(column).is_some_and(|shape| shape.hints.using.is_some());
            columns.contains(column) && (delta.ty || delta.collation || delta.fill || delta.nullable || converted)
        }
        TableChange::DropColumn(column) => columns.contains(column),
        _ => false,
    });
    let (before, after) = (parts(&alter.from), parts(&alter.to));
    let holds = |part: &Part| is_index(part) && starts_with(part, columns);
    let lost = before.iter().any(|(_, part)| holds(part)) && !before.iter().any(|it| holds(&it.1) && after.contains(it));
    // A new key that serves comes before the old one goes.
    let replaced_by_another = after.iter().any(|(name, part)| holds(part) && !before.iter().any(|(other, _)| other == name));
    retyped || (lost && !replaced_by_another)
}

/// True where the part begins with these columns, in any order.
pub fn starts_with(part: &Part, columns: &[String]) -> bool {
    let own = part.columns();
    own.len() >= columns.len() && columns.iter().all(|column| own[..columns.len()].contains(&column.as_str()))
}

/// True where, among the tables, foreign keys lead from `start` to `goal`.
fn reaches(tables: &[(&Name, &Table)], start: &Name, goal: &Name) -> bool {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![start.clone()]);
    while let Some(name) = todo.pop() {
        if name == *goal {
            return true;
        }
        if let (true, Some((_, table))) = (seen.insert(name.clone()), tables.iter().find(|(other, _)| **other == name)) {
            todo.extend(table.foreign_keys.values().map(|key| key.target.clone()));
        }
    }
    false
}

fn is_fulltext(part: &Part) -> bool {
    matches!(part, Part::Index(index) if index.method == "fulltext")
}

fn title(verb: &str, name: &str, part: &Part) -> String {
    match part {
        Part::PrimaryKey(_) => format!("{verb} primary key {name}"),
        _ => format!("{verb} index {name}"),
    }
}

pub(super) fn drop_clause(name: &str, part: &Part) -> String {
    match part {
        Part::PrimaryKey(_) => "DROP PRIMARY KEY".to_owned(),
        _ => format!("DROP INDEX {}", Mysql.quote(name)),
    }
}

/// Whether the optimiser is to see an index, where two differ in nothing else.
fn only_visibility(from: &Part, to: &Part) -> Option<bool> {
    let plain = |part: &Part| {
        let Part::Index(index) = part else { return None };
        let mut index = index.clone();
        let invisible = index.storage.shift_remove("invisible").is_some();
        Some((index, invisible))
    };
    // A plain unique index without options is a constraint, so there only the other side is an index.
    let ((from, was), (to, is)) = (plain(from)?, plain(to)?);
    (from == to && was != is).then_some(!is)
}

fn visibility(name: &str, visible: bool, version: u32) -> String {
    let word = match (visible, is_mariadb(version)) {
        (true, true) => "NOT IGNORED",
        (false, true) => "IGNORED",
        (true, false) => "VISIBLE",
        (false, false) => "INVISIBLE",
    };
    format!("ALTER INDEX {} {word}", Mysql.quote(name))
}
