//! Columns that become required or change their type.

use super::{Finder, column_path};
use crate::dialect::TypeChange;
use crate::diff::{ColumnDelta, TableAlter};
use crate::model::{Fill, Name};
use crate::plan::{Direction, Look};

const BACKFILL: &str = "backfill = VALUE, or backfill = { sql = \"EXPRESSION\" }";

impl Finder<'_> {
    /// A new required column: what do the rows that are there get?
    pub(super) fn added_column(&mut self, table: &Name, alter: &TableAlter, column: &str) {
        let shape = &alter.to.columns[column];
        if shape.nullable || shape.fills_itself() || shape.hints.backfill.is_some() {
            return;
        }
        let query = self.rows(table, &[], "");
        if self.context.direction == Direction::Down {
            let message = format!(
                "{table}.{column} is required, and its values are gone with the column that the upgrade dropped; say in this file what the rows get"
            );
            self.found.looks.push(Look { message, query, silent: self.dialect.invents_values() });
            return;
        }
        let problem = format!("{table}.{column} is required, and the rows that are there have no value for it");
        if self.dialect.invents_values() {
            self.missing_or_silent_look(column_path(table, column), problem, BACKFILL.to_owned(), query, false);
        } else {
            self.missing_or_look(column_path(table, column), problem, BACKFILL.to_owned(), query, false);
        }
    }

    pub(super) fn dropped_column(&mut self, table: &Name, alter: &TableAlter, column: &str) {
        if !matches!(alter.from.columns[column].fill, Fill::Generated { .. }) {
            self.note_loss(&format!("column {table}.{column}"), "its values");
        }
    }

    pub(super) fn altered_column(&mut self, table: &Name, alter: &TableAlter, column: &str, delta: ColumnDelta) {
        let (from, to) = (&alter.from.columns[column], &alter.to.columns[column]);
        if delta.nullable && !to.nullable && to.hints.backfill.is_none() && !matches!(to.fill, Fill::Generated { .. }) {
            let query = self.rows(table, &[], &format!("{} IS NULL", self.old_column(table, column)));
            let problem = format!("{table}.{column} is required, and rows hold NULL in it");
            self.missing_or_look(column_path(table, column), problem, BACKFILL.to_owned(), query, false);
        }
        if delta.collation {
            self.collated_anew(table, alter, column);
        }
        if delta.ty && self.context.direction == Direction::Down && from.hints.using.is_some() {
            self.found.notes.push(format!("Keeps the values of {table}.{column} that the way up computed: nobody said how they are computed back."));
        }
        let computed = matches!(from.fill, Fill::Generated { .. }) || matches!(to.fill, Fill::Generated { .. });
        if delta.ty && to.hints.using.is_none() && !computed {
            self.changed_type(table, column, &from.ty.key, &to.ty.key);
        }
    }

    /// Values that differ under the old collation may be the same under the new one, and a key forbids that.
    fn collated_anew(&mut self, table: &Name, alter: &TableAlter, column: &str) {
        let parts = crate::diff::parts(&alter.to);
        let keys = parts.iter().filter_map(|(name, part)| Some((name, part.unique_columns()?))).filter(|(_, columns)| columns.contains(&column));
        for (name, columns) in keys {
            if columns.iter().any(|it| !alter.from.columns.contains_key(*it)) {
                continue;
            }
            let collated = |it: &&str| {
                let (old, shape) = (self.old_column(table, it), &alter.to.columns[*it]);
                let moves = alter.from.columns[*it].collation != shape.collation;
                if moves { self.dialect.collate(&old, shape.collation.as_deref()?) } else { Some(old) }
            };
            let Some(list) = columns.iter().map(collated).collect::<Option<Vec<String>>>() else { continue };
            let list = list.join(", ");
            let set = columns.iter().map(|it| format!("{} IS NOT NULL", self.old_column(table, it))).collect::<Vec<_>>().join(" AND ");
            let query = format!(
                "SELECT {list}, count(*) AS row_count FROM {} WHERE {set} GROUP BY {list} HAVING count(*) > 1",
                self.dialect.name(self.changes.renames.old_table(table))
            );
            let problem = format!("{name} forbids rows of {table} to repeat {} under the new collation", columns.join(", "));
            let line = "nothing helps there: correct these rows first".to_owned();
            self.missing_or_look(column_path(table, column), problem, line, query, true);
        }
    }

    fn changed_type(&mut self, table: &Name, column: &str, from: &str, to: &str) {
        let old = self.old_column(table, column);
        match self.dialect.type_change(from, to) {
            TypeChange::Fits => {}
            TypeChange::Checked { predicate, .. } => {
                let query = self.rows(table, &[column], &predicate.replace("{}", &old));
                let problem = format!("{table}.{column} has values that do not fit {to}");
                self.missing_or_silent_look(column_path(table, column), problem, "using = \"EXPRESSION\"".to_owned(), query, true);
            }
            TypeChange::NeedsUsing if self.context.direction == Direction::Down => {
                self.found.notes.push(format!("Casts {table}.{column} from {from} back to {to}; what the way up computed is not computed back."));
                if let Some(condition) = self.dialect.cast_loses(&old, from, to) {
                    let message = format!("{table}.{column} has values that would not come back from {to}; say in this file how they are converted");
                    let query = self.rows(table, &[column], &condition);
                    self.found.looks.push(Look { message, query, silent: true });
                }
            }
            TypeChange::NeedsUsing => {
                let query = self.rows(table, &[column], &format!("{old} IS NOT NULL"));
                let problem = format!("{table}.{column} changes from {from} to {to}, and nobody said how its values are converted");
                self.missing_or_silent_look(column_path(table, column), problem, format!("using = \"EXPRESSION of {column}\""), query, false);
            }
        }
    }
}
