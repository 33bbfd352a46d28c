//! Foreign keys: what they point at is there, and is a key.

use super::{Check, columns_help};
use crate::declare::lower::below;
use crate::declare::suggest::{did_you_mean, listed};
use crate::dialect::Kind;
use crate::model::{Deferrable, ForeignKey, KeyAction, Name, OnOrphan, Table};

impl Check<'_> {
    pub fn references(&mut self, name: &Name, table: &Table, path: &[String]) {
        for (constraint, foreign_key) in &table.foreign_keys {
            let at = below(path, &["foreign_keys", constraint]);
            let what = format!("the foreign key '{constraint}'");
            self.columns(name, table, &foreign_key.columns, &what, &at, "columns");
            self.columns(name, table, &foreign_key.on_delete_columns, &what, &at, "on_delete_columns");
            self.actions(table, foreign_key, &what, &at);
            let target_at = below(&at, &["references"]);
            match self.table(&foreign_key.target) {
                Some(target) => self.target(target, foreign_key, &what, &target_at),
                None => {
                    let near = self.table_like(&foreign_key.target);
                    let tables: Vec<String> = self.schema.tables.keys().map(Name::to_string).collect();
                    let message = format!("{what} points at the table '{}', which does not exist{near}", foreign_key.target);
                    let help = format!("the tables are {}", listed(tables.iter().map(String::as_str)));
                    self.doubt(&target_at, message, help);
                }
            }
        }
    }

    /// Says what every engine minds, but SQLite and MySQL in their own way; SQLite only when a row is written while `PRAGMA foreign_keys` is on. There are databases that live
    /// with it, and they can be adopted as they are: there it is a warning. <https://www.sqlite.org/foreignkeys.html#fk_indexes>
    fn doubt(&mut self, path: &[String], message: String, help: String) {
        match self.dialect.kind() {
            // InnoDB takes a key that is not unique, and says so itself where it does not.
            Kind::Sqlite | Kind::Mysql => self.warnings.say(self.place(path), message, help),
            Kind::Postgres => self.say(path, message, help),
        }
    }

    /// The columns that are pointed at are there, and are a primary key or unique.
    fn target(&mut self, target: &Table, foreign_key: &ForeignKey, what: &str, path: &[String]) {
        let name = &foreign_key.target;
        if foreign_key.target_columns.is_empty() {
            let help = "name the columns it points to: references = { table = \"...\", columns = [\"...\"] }";
            self.say(path, format!("{what} points at the table '{name}', which has no primary key"), help);
            return;
        }
        let unknown: Vec<&String> = foreign_key.target_columns.iter().filter(|column| !self.has_column(target, column)).collect();
        for column in &unknown {
            let near = did_you_mean(column, target.columns.keys().map(String::as_str));
            self.say(
                path,
                format!("{what} points at the column '{column}', which the table '{name}' does not have{near}"),
                columns_help(name, target),
            );
        }
        if !unknown.is_empty() {
            return;
        }
        let (here, there) = (foreign_key.columns.len(), foreign_key.target_columns.len());
        if here != there {
            let help = "both sides name the same number of columns, in the same order";
            self.say(path, format!("{what} has {} but points at {}", columns(here), columns(there)), help);
        } else if !self.is_key(target, &foreign_key.target_columns) {
            let listed = foreign_key.target_columns.join(", ");
            let help = match foreign_key.target_columns.as_slice() {
                [column] => format!("add unique = true to {name}.{column}, or point at another column"),
                several => format!("add a unique constraint of ({}) to '{name}', or point at its primary key", several.join(", ")),
            };
            let message = format!("{what} points at '{name}' ({listed}), which is neither a primary key nor unique");
            self.doubt(path, message, help);
        }
    }

    /// True where `columns`, in any order, are a key that cannot be deferred, or a unique index of all rows.
    fn is_key(&self, table: &Table, columns: &[String]) -> bool {
        let same = |key: &[String]| key.len() == columns.len() && columns.iter().all(|column| key.iter().any(|other| self.same_name(other, column)));
        let primary = table.primary_key.iter().map(|key| (&key.columns, key.deferrable));
        let uniques = table.uniques.values().map(|key| (&key.columns, key.deferrable));
        primary.chain(uniques).any(|(key, deferrable)| deferrable == Deferrable::No && same(key))
            || table.indexes.values().filter(|index| index.unique && index.predicate.is_none()).any(|index| {
                let names: Option<Vec<String>> = index.parts.iter().map(|part| part.key.column_name().map(str::to_owned)).collect();
                names.is_some_and(|names| same(&names))
            })
    }

    /// What is to happen has to be possible for the columns of the key.
    fn actions(&mut self, table: &Table, foreign_key: &ForeignKey, what: &str, path: &[String]) {
        let required: Vec<&String> =
            foreign_key.columns.iter().filter(|column| table.columns.get(*column).is_some_and(|column| !column.nullable)).collect();
        let sets_null = foreign_key.on_delete == KeyAction::SetNull;
        if !foreign_key.on_delete_columns.is_empty() && !sets_null && foreign_key.on_delete != KeyAction::SetDefault {
            let help = "write on_delete = \"set null\" or \"set default\" as well, or take 'on_delete_columns' out";
            self.say(&below(path, &["on_delete_columns"]), format!("{what} has 'on_delete_columns', but nothing is set on delete"), help);
        }
        let Some(column) = required.first() else { return };
        if foreign_key.on_orphan.0 == OnOrphan::SetNull && required.len() == foreign_key.columns.len() {
            let help = "use on_orphan = \"delete\" or \"error\", or let the column be NULL";
            self.say(path, format!("{what} sets orphans to NULL, but the column '{column}' is never NULL"), help);
        }
        if sets_null && foreign_key.on_delete_columns.is_empty() {
            let place = self.place(path);
            let message = format!("{what} sets the column '{column}' to NULL on delete, but the column is never NULL, so every such delete fails");
            self.warnings.say(place, message, "use on_delete = \"cascade\" or \"restrict\", or let the column be NULL");
        }
    }
}

fn columns(number: usize) -> String {
    if number == 1 { "1 column".to_owned() } else { format!("{number} columns") }
}
