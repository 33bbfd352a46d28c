//! The parts of one table: every column that is named is there, and named once.

use super::{Check, columns_help};
use crate::declare::lower::below;
use crate::declare::suggest::did_you_mean;
use crate::model::{IndexKey, KeyOf, Name, Table};

impl Check<'_> {
    pub fn parts(&mut self, name: &Name, table: &Table, path: &[String]) {
        if let Some(key) = &table.primary_key {
            let at = below(path, &["primary_key"]);
            self.columns(name, table, &key.columns, "the primary key", &at, "columns");
            self.columns(name, table, &key.include, "the primary key", &at, "include");
        }
        for (unique, part) in &table.uniques {
            let (at, what) = (below(path, &["uniques", unique]), format!("the unique constraint '{unique}'"));
            self.some(part.columns.is_empty(), &what, &at);
            self.columns(name, table, &part.columns, &what, &at, "columns");
            self.columns(name, table, &part.include, &what, &at, "include");
        }
        for (index, part) in &table.indexes {
            let (at, what) = (below(path, &["indexes", index]), format!("the index '{index}'"));
            self.some(part.parts.is_empty(), &what, &at);
            let keys: Vec<&IndexKey> = part.parts.iter().map(|part| &part.key).collect();
            self.index_keys(name, table, &keys, &what, &at);
            self.columns(name, table, &part.include, &what, &at, "include");
        }
        for (exclusion, part) in &table.exclusions {
            let (at, what) = (below(path, &["exclusions", exclusion]), format!("the exclusion constraint '{exclusion}'"));
            self.some(part.parts.is_empty(), &what, &at);
            let keys: Vec<&IndexKey> = part.parts.iter().map(|(key, _)| key).collect();
            self.index_keys(name, table, &keys, &what, &at);
            self.columns(name, table, &part.include, &what, &at, "include");
        }
    }

    /// A list that is there but empty. One that is missing, or whose items do not fit, was reported before.
    fn some(&mut self, empty: bool, what: &str, path: &[String]) {
        let items = self.spans.exact(&below(path, &["columns", "0"])).or_else(|| self.spans.exact(&below(path, &["0"])));
        if empty && items.is_none() {
            self.say(path, format!("{what} has no columns"), "for example: columns = [\"name\"]");
        }
    }

    /// Reports each of `columns` that the table does not have, and each that is named twice.
    pub fn columns(&mut self, name: &Name, table: &Table, columns: &[String], what: &str, path: &[String], list: &str) {
        for (index, column) in columns.iter().enumerate() {
            let at = self.item(path, list, index);
            if !self.has_column(table, column) {
                let near = did_you_mean(column, table.columns.keys().map(String::as_str));
                self.say(&at, format!("{what} names the column '{column}', which the table '{name}' does not have{near}"), columns_help(name, table));
            } else if columns[..index].iter().any(|earlier| self.same_name(earlier, column)) {
                self.say(&at, format!("{what} names the column '{column}' twice"), "name it once");
            }
        }
    }

    fn index_keys(&mut self, name: &Name, table: &Table, keys: &[&IndexKey], what: &str, path: &[String]) {
        for (index, key) in keys.iter().enumerate() {
            let KeyOf::Column(column) = &key.what else { continue };
            if !self.has_column(table, column) {
                let at = self.item(path, "columns", index);
                let near = did_you_mean(column, table.columns.keys().map(String::as_str));
                let help = format!("{}; an expression is written as {{ sql = \"...\" }}", columns_help(name, table));
                self.say(&at, format!("{what} names the column '{column}', which the table '{name}' does not have{near}"), help);
            }
        }
    }

    /// Where an item of a list was written: below `list` in the long form, below the constraint itself in the short one.
    fn item(&self, path: &[String], list: &str, index: usize) -> Vec<String> {
        let index = index.to_string();
        let long = below(path, &[list, &index]);
        if self.spans.exact(&long).is_some() { long } else { below(path, &[&index]) }
    }
}
