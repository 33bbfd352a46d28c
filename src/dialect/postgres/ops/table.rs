//! Tables: made, dropped, and their own attributes.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::Planner;
use crate::dialect::Dialect;
use crate::dialect::postgres::{Postgres, render};
use crate::diff::{Part, PartKind, TableAlter, TableChange, TableEdit};
use crate::model::{Fill, Index, Name, Table};
use crate::plan::order::{Key, Op, Verb};
use crate::plan::{Statement, Step};

impl Planner<'_> {
    /// CREATE TABLE with its keys and checks; foreign keys and indexes are operations of their own, so tables may point at each other.
    pub(super) fn create_table(&mut self, name: &Name, table: &Table) {
        let serial = |column: &str| self.is_serial_column(name, column);
        let mut statements = vec![Statement::new(render::create_table(name, table, &serial))];
        statements.extend(comments(name, table).into_iter().map(Statement::new));
        let mut uses: Vec<Key> = self.home(name).collect();
        for (column, shape) in &table.columns {
            uses.extend(self.mentioned(&shape.ty.key));
            if let (Fill::Default(text) | Fill::Generated { expr: text, .. }, false) = (&shape.fill, self.is_serial_column(name, column)) {
                uses.extend(self.mentioned(&text.key));
            }
        }
        let inline = crate::diff::parts(table).into_iter().filter(|(_, part)| !matches!(part, Part::ForeignKey(_) | Part::Index(_)));
        uses.extend(inline.flat_map(|(_, part)| part.expressions().into_iter().flat_map(|sql| self.mentioned(sql)).collect::<Vec<_>>()));
        self.push(Op::new(Verb::Create, Key::Table(name.clone()), Step::new(format!("create {name}"), statements)).using(uses));
        for (part_name, part) in crate::diff::parts(table) {
            if is_made_apart(&part) {
                self.create_part(name, &part_name, &part);
            }
        }
    }

    pub(super) fn drop_table(&mut self, name: &Name, table: &Table) {
        let mut uses: Vec<Key> = self.home(name).collect();
        for (key_name, key) in &table.foreign_keys {
            // Tables that point at each other let go of each other before any of them goes.
            if key.target != *name && self.dropped_reaches(&key.target, name) {
                self.drop_part(name, key_name, &Part::ForeignKey(key.clone()));
            } else {
                uses.push(Key::Table(key.target.clone()));
            }
        }
        for shape in table.columns.values() {
            uses.extend(self.mentioned(&shape.ty.key));
            if let Fill::Default(text) = &shape.fill {
                uses.extend(self.mentioned(&text.key));
            }
        }
        // Its own sequences go with it, so it must not wait for them.
        let own = |sequence: &Name| self.from().sequences.get(sequence).is_some_and(|s| s.owned_by.as_ref().is_some_and(|(owner, _)| owner == name));
        uses.retain(|key| !matches!(key, Key::Sequence(sequence) if own(sequence)));
        let step = Step::of(format!("drop {name}"), [format!("DROP TABLE {}", Postgres.name(name))]);
        self.push(Op::new(Verb::Drop, Key::Table(name.clone()), step).using(uses));
    }

    /// True where, among the tables that are dropped, foreign keys lead from `start` to `goal`.
    fn dropped_reaches(&self, start: &Name, goal: &Name) -> bool {
        let dropped = |name: &Name| {
            self.changes.tables.iter().find_map(|(n, edit)| match edit {
                TableEdit::Drop(table) if n == name => Some(table),
                _ => None,
            })
        };
        let (mut seen, mut todo) = (BTreeSet::new(), vec![start.clone()]);
        while let Some(name) = todo.pop() {
            if name == *goal {
                return true;
            }
            if let (true, Some(table)) = (seen.insert(name.clone()), dropped(&name)) {
                todo.extend(table.foreign_keys.values().map(|key| key.target.clone()));
            }
        }
        false
    }

    pub(super) fn alter_table(&mut self, name: &Name, alter: &TableAlter) {
        for change in &alter.changes {
            match change {
                TableChange::AddColumn(column) => self.add_column(name, alter, column),
                TableChange::DropColumn(column) => self.drop_column(name, column, &alter.from.columns[column]),
                TableChange::AlterColumn(column, delta) => self.alter_column(name, alter, column, *delta),
                TableChange::Part(part, edit) => self.part(name, part, edit),
                TableChange::Comment => {
                    let sql = render::comment("TABLE", &Postgres.name(name), alter.to.comment.as_deref());
                    self.push(Op::new(Verb::Settle, Key::Table(name.clone()), Step::of(format!("comment on {name}"), [sql])));
                }
                TableChange::Options => self.table_options(name, alter),
            }
        }
    }

    fn table_options(&mut self, name: &Name, alter: &TableAlter) {
        let (from, to) = (&alter.from.options, &alter.to.options);
        let table = format!("ALTER TABLE {}", Postgres.name(name));
        let mut statements = Vec::new();
        if from.unlogged != to.unlogged {
            statements.push(format!("{table} SET {}", if to.unlogged { "UNLOGGED" } else { "LOGGED" }));
        }
        if from.access_method != to.access_method {
            statements
                .push(format!("{table} SET ACCESS METHOD {}", to.access_method.as_deref().map_or("heap".into(), |method| Postgres.quote(method))));
        }
        if from.tablespace != to.tablespace {
            statements
                .push(format!("{table} SET TABLESPACE {}", to.tablespace.as_deref().map_or("pg_default".into(), |space| Postgres.quote(space))));
        }
        statements.extend(storage_changes(&table, &from.storage, &to.storage));
        self.push(Op::new(Verb::Settle, Key::Table(name.clone()), Step::of(format!("options of {name}"), statements)));
    }
}

/// ALTER ... SET (...) and RESET (...) for storage parameters that differ.
pub(super) fn storage_changes(alter: &str, from: &IndexMap<String, String>, to: &IndexMap<String, String>) -> Vec<String> {
    let set: Vec<String> = to.iter().filter(|(key, value)| from.get(*key) != Some(*value)).map(|(key, value)| format!("{key} = {value}")).collect();
    let reset: Vec<&str> = from.keys().filter(|key| !to.contains_key(*key)).map(String::as_str).collect();
    let set = (!set.is_empty()).then(|| format!("{alter} SET ({})", set.join(", ")));
    let reset = (!reset.is_empty()).then(|| format!("{alter} RESET ({})", reset.join(", ")));
    set.into_iter().chain(reset).collect()
}

/// True for a part that is an operation of its own when its table is made: tables may point at each other, and CREATE TABLE would validate
/// a check that is not to be.
fn is_made_apart(part: &Part) -> bool {
    match part {
        Part::ForeignKey(_) | Part::Index(_) => true,
        Part::Check(check) => check.not_valid,
        Part::PrimaryKey(_) | Part::Unique(_) | Part::Exclusion(_) => false,
    }
}

/// The comments of a table that is made: its own, its columns' and its constraints'.
fn comments(name: &Name, table: &Table) -> Vec<String> {
    let quoted = Postgres.name(name);
    let own = table.comment.as_deref().map(|text| render::comment("TABLE", &quoted, Some(text)));
    let columns = table.columns.iter().filter_map(|(column, shape)| {
        shape.comment.as_deref().map(|text| render::comment("COLUMN", &format!("{quoted}.{}", Postgres.quote(column)), Some(text)))
    });
    let parts = crate::diff::parts(table).into_iter().filter(|(_, part)| !is_made_apart(part));
    let parts = parts.filter_map(|(part_name, part)| part_comment(name, &part_name, part.kind(), part.comment()));
    own.into_iter().chain(columns).chain(parts).collect()
}

/// COMMENT ON CONSTRAINT or INDEX; nothing where there is no text.
pub(super) fn part_comment(table: &Name, name: &str, kind: PartKind, text: Option<&str>) -> Option<String> {
    text.map(|text| set_part_comment(table, name, kind, Some(text)))
}

/// COMMENT ON CONSTRAINT or INDEX, NULL included.
pub(super) fn set_part_comment(table: &Name, name: &str, kind: PartKind, text: Option<&str>) -> String {
    match kind {
        PartKind::Index => render::comment("INDEX", &Postgres.name(&table.sibling(name)), text),
        _ => render::comment("CONSTRAINT", &format!("{} ON {}", Postgres.quote(name), Postgres.name(table)), text),
    }
}

/// True where two indexes differ in nothing but storage parameters.
pub(super) fn only_storage_differs(from: &Index, to: &Index) -> bool {
    let plain = |index: &Index| Index { storage: IndexMap::new(), comment: None, ..index.clone() };
    plain(from) == plain(to)
}
