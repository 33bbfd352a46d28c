//! Renames: never guessed, always said (`renamed_from`, `--rename`, an answer at the terminal).

use std::fmt;

use crate::model::{Name, Schema};

/// The renames that lead from live names to declared ones, in the order in which they are applied: tables, then columns, then types.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    pub tables: Vec<(Name, Name)>,
    /// The table by its new name, then the column's old and new name.
    pub columns: Vec<(Name, String, String)>,
    pub enums: Vec<(Name, Name)>,
}

/// A rename that cannot be: both names are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameError {
    /// The path of the declared object in schema.toml's keys.
    pub path: Vec<String>,
    pub from: String,
    pub to: String,
}

impl fmt::Display for RenameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} says renamed_from = \"{}\", but schema.toml still declares {}", self.to, self.from, self.from)
    }
}

impl Renames {
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.columns.is_empty() && self.enums.is_empty()
    }

    /// The renames that `declared` asks for and `live` has not seen yet.
    ///
    /// A hint whose old name is not live any more was carried out by an earlier revision, or the database is new: it says nothing.
    /// `fold_case` is true where the engine takes names that differ in case for the same (SQLite): such a pair is one object.
    pub fn find(live: &Schema, declared: &Schema, fold_case: bool) -> Result<Renames, Vec<RenameError>> {
        let (mut renames, mut errors) = (Renames::default(), Vec::new());
        for (to, table) in &declared.tables {
            if live.tables.contains_key(to) {
                continue;
            }
            let hinted = table.renamed_from.as_ref().map(|old| to.sibling(old.clone())).filter(|old| live.tables.contains_key(old));
            let same = live.tables.keys().find(|old| fold_case && old.name.eq_ignore_ascii_case(&to.name)).cloned();
            if let Some(from) = hinted.or(same) {
                if declared.tables.contains_key(&from) {
                    errors.push(RenameError {
                        path: vec!["tables".into(), to.name.clone(), "renamed_from".into()],
                        from: from.to_string(),
                        to: to.to_string(),
                    });
                } else {
                    renames.tables.push((from, to.clone()));
                }
            }
        }
        for (to, ty) in &declared.enums {
            let Some(from) = ty.renamed_from.as_ref().map(|old| to.sibling(old.clone())) else { continue };
            if !live.enums.contains_key(to) && live.enums.contains_key(&from) && !declared.enums.contains_key(&from) {
                renames.enums.push((from, to.clone()));
            }
        }
        renames.find_columns(live, declared, fold_case, &mut errors);
        if errors.is_empty() { Ok(renames) } else { Err(errors) }
    }

    fn find_columns(&mut self, live: &Schema, declared: &Schema, fold_case: bool, errors: &mut Vec<RenameError>) {
        for (name, table) in &declared.tables {
            let Some(before) = live.tables.get(self.old_table(name)) else { continue };
            for (to, column) in table.columns.iter().filter(|(to, _)| !before.columns.contains_key(*to)) {
                let hinted = column.hints.renamed_from.as_ref().filter(|old| before.columns.contains_key(*old));
                let same = before.columns.keys().find(|old| fold_case && old.eq_ignore_ascii_case(to));
                let Some(from) = hinted.or(same) else { continue };
                if table.columns.contains_key(from) {
                    let path = ["tables", &name.name, "columns", to, "renamed_from"].map(str::to_owned).to_vec();
                    errors.push(RenameError { path, from: format!("{name}.{from}"), to: format!("{name}.{to}") });
                } else {
                    self.columns.push((name.clone(), from.clone(), to.clone()));
                }
            }
        }
    }

    /// The name that the table, called `new` after the renames, has before them.
    pub fn old_table<'a>(&'a self, new: &'a Name) -> &'a Name {
        self.tables.iter().find(|(_, to)| to == new).map_or(new, |(from, _)| from)
    }

    /// The name that a column has before the renames; `table` is the new name of its table.
    pub fn old_column<'a>(&'a self, table: &Name, new: &'a str) -> &'a str {
        self.columns.iter().find(|(name, _, to)| name == table && to == new).map_or(new, |(_, from, _)| from)
    }

    /// The way back.
    pub fn reversed(&self) -> Renames {
        Renames {
            tables: self.tables.iter().rev().map(|(from, to)| (to.clone(), from.clone())).collect(),
            columns: self.columns.iter().rev().map(|(table, from, to)| (self.old_table(table).clone(), to.clone(), from.clone())).collect(),
            enums: self.enums.iter().rev().map(|(from, to)| (to.clone(), from.clone())).collect(),
        }
    }
}
