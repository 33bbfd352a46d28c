//! Where existing rows may contradict a change: what schema.toml has to say about it, and what `upgrade` looks at first.
//!
//! Nothing is ever invented here. A change without a fix-up becomes a [`Missing`]; on the way down, and with `--assume-empty`, where
//! nobody can be asked, it becomes a [`Look`] that stops the run where it meets rows.

mod column;
mod part;

use super::{Direction, Look};
use crate::dialect::{Context, Dialect};
use crate::diff::{Changes, Edit, TableAlter, TableChange, TableEdit};
use crate::model::{EnumType, Name};

/// A fix-up that schema.toml does not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Where it belongs, in schema.toml's keys.
    pub path: Vec<String>,
    /// What is contradicted: `todos.completed is required`.
    pub problem: String,
    /// What to write: `backfill = VALUE`.
    pub line: String,
    /// Returns the live rows that stand in the way.
    pub query: String,
    /// True where nothing is missing as long as no live row stands in the way.
    pub only_with_rows: bool,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fixups {
    pub missing: Vec<Missing>,
    pub looks: Vec<Look>,
    pub notes: Vec<String>,
}

/// Looks at every change that rows may contradict.
pub fn fixups(changes: &Changes, context: &Context<'_>, dialect: &dyn Dialect, assume_empty: bool) -> Fixups {
    let mut finder = Finder { changes, context, dialect, ask: context.direction == Direction::Up && !assume_empty, found: Fixups::default() };
    for (name, edit) in &changes.tables {
        match edit {
            TableEdit::Create(_) => {}
            TableEdit::Drop(_) => finder.note_loss(&format!("table {name}"), "its rows"),
            TableEdit::Alter(alter) => finder.table(name, alter),
        }
    }
    for (name, edit) in &changes.enums {
        if let Edit::Alter { from, to } = edit {
            finder.enumeration(name, from, to);
        }
    }
    finder.found
}

struct Finder<'a> {
    changes: &'a Changes,
    context: &'a Context<'a>,
    dialect: &'a dyn Dialect,
    /// True where a missing fix-up can be asked for.
    ask: bool,
    found: Fixups,
}

impl Finder<'_> {
    fn table(&mut self, name: &Name, alter: &TableAlter) {
        // What a partition has from its table is asked of that.
        let inherited = |column: &String| {
            let mut parents = alter.to.parents().into_iter().chain(alter.from.parents());
            parents.any(|parent| {
                [self.context.to, self.context.from].iter().any(|s| s.tables.get(&parent).is_some_and(|t| t.columns.contains_key(column)))
            })
        };
        for change in &alter.changes {
            match change {
                TableChange::AddColumn(column) | TableChange::DropColumn(column) | TableChange::AlterColumn(column, _) if inherited(column) => {}
                TableChange::AddColumn(column) => self.added_column(name, alter, column),
                TableChange::DropColumn(column) => self.dropped_column(name, alter, column),
                TableChange::AlterColumn(column, delta) => self.altered_column(name, alter, column, *delta),
                TableChange::Part(part, edit) => self.part(name, alter, part, edit),
                TableChange::Comment | TableChange::Options | TableChange::Grants => {}
            }
        }
    }

    /// Rows that hold a value the enumeration loses.
    fn enumeration(&mut self, name: &Name, from: &EnumType, to: &EnumType) {
        let lost: Vec<&String> = from.values.iter().filter(|value| !to.values.contains(value)).collect();
        if lost.is_empty() {
            return;
        }
        let list = lost.iter().map(|value| self.dialect.literal(value)).collect::<Vec<_>>().join(", ");
        let ty = self.dialect.name(name);
        for (table, shape) in &self.context.from.tables {
            for (column, _) in shape.columns.iter().filter(|(_, column)| column.ty.key == ty) {
                let kept = self.context.to.tables.get(table).and_then(|t| t.columns.get(column));
                if kept.is_none_or(|column| column.hints.using.is_some()) {
                    continue;
                }
                let old = self.old_column(table, column);
                let query = self.rows(table, &[column], &format!("{old}::text IN ({list})"));
                let words = lost.iter().map(|value| value.as_str()).collect::<Vec<_>>().join(", ");
                let problem = format!("{table}.{column} has values that enum {name} loses ({words})");
                let line = format!("using = \"CASE {column} WHEN '{}' THEN 'NEW VALUE' ELSE {column}::text END\"", lost[0]);
                self.missing_or_look(column_path(table, column), problem, line, query, true);
            }
        }
    }

    /// Reports a missing fix-up where somebody can be asked, and a look otherwise.
    fn missing_or_look(&mut self, path: Vec<String>, problem: String, line: String, query: String, only_with_rows: bool) {
        if self.ask && !only_with_rows {
            self.found.missing.push(Missing { path, problem, line, query, only_with_rows });
            return;
        }
        if self.ask {
            self.found.missing.push(Missing { path, problem: problem.clone(), line, query: query.clone(), only_with_rows });
        }
        self.found.looks.push(Look { message: problem, query, silent: false });
    }

    /// The same for a change whose statements would alter such rows without a word.
    fn missing_or_silent_look(&mut self, path: Vec<String>, problem: String, line: String, query: String, only_with_rows: bool) {
        let before = self.found.looks.len();
        self.missing_or_look(path, problem, line, query, only_with_rows);
        self.found.looks[before..].iter_mut().for_each(|look| look.silent = true);
    }

    fn note_loss(&mut self, what: &str, data: &str) {
        self.found.notes.push(match self.context.direction {
            Direction::Up => format!("Drops {what}: {data} are lost, and the way down cannot bring them back."),
            Direction::Down => format!("Drops {what}, which the way up made, with {data}."),
        });
    }

    /// A query over the table as it is before the revision: its key, then `columns`, of the rows for which `condition` holds.
    fn rows(&self, table: &Name, columns: &[&str], condition: &str) -> String {
        let old_table = self.changes.renames.old_table(table);
        let mut wanted: Vec<String> = Vec::new();
        if let Some(shape) = self.context.from.tables.get(table) {
            wanted.extend(shape.key_columns().iter().cloned());
        }
        wanted.extend(columns.iter().map(|column| (*column).to_owned()).filter(|column| !wanted.contains(column)).collect::<Vec<_>>());
        let list = if wanted.is_empty() { "*".to_owned() } else { wanted.iter().map(|c| self.old_column(table, c)).collect::<Vec<_>>().join(", ") };
        let filter = if condition.is_empty() { String::new() } else { format!(" WHERE {condition}") };
        format!("SELECT {list} FROM {}{filter}", self.dialect.name(old_table))
    }

    /// A column's quoted name before the renames.
    fn old_column(&self, table: &Name, column: &str) -> String {
        self.dialect.quote(self.changes.renames.old_column(table, column))
    }

    /// True where expressions over the table's new names cannot be put to the table as it is.
    fn is_renamed(&self, table: &Name) -> bool {
        self.changes.renames.columns.iter().any(|(name, _, _)| name == table)
    }

    fn old_table(&self, table: &Name) -> String {
        self.dialect.name(self.changes.renames.old_table(table))
    }
}

/// The path of a table's key in schema.toml.
fn table_path(table: &Name, rest: &[&str]) -> Vec<String> {
    let mut path = table.schema.iter().flat_map(|schema| ["schemas".to_owned(), schema.clone()]).collect::<Vec<_>>();
    path.extend(["tables".to_owned(), table.name.clone()]);
    path.extend(rest.iter().map(|key| (*key).to_owned()));
    path
}

fn column_path(table: &Name, column: &str) -> Vec<String> {
    table_path(table, &["columns", column])
}
