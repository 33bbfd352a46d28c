//! A table while it is read: constraints wait for their names until all names that were written are known.

use indexmap::{IndexMap, IndexSet};

use crate::dialect::sqlite::types;
use crate::model::{
    Check, Column, Deferrable, Fill, ForeignKey, Hint, Identity, OnDuplicate, PrimaryKey, Table, TableOptions, Text, Unique, default_name,
};

pub(super) struct Draft {
    pub table: String,
    pub columns: IndexMap<String, Column>,
    pub options: TableOptions,
    parts: Vec<(Option<String>, Part)>,
    unmodelled: Vec<String>,
}

pub(super) enum Part {
    PrimaryKey(Key),
    Unique(Vec<String>),
    Check {
        expr: Text,
        /// The column behind which it stands, if it does.
        column: Option<String>,
    },
    ForeignKey(ForeignKey),
}

pub(super) struct Key {
    pub columns: Vec<String>,
    pub autoincrement: bool,
    /// True where the key may be the rowid: a DESC behind a column's own PRIMARY KEY forbids it.
    pub is_rowid: bool,
}

impl Draft {
    pub fn new(table: String) -> Self {
        Self { table, columns: IndexMap::new(), options: TableOptions::default(), parts: Vec::new(), unmodelled: Vec::new() }
    }

    pub fn add(&mut self, name: Option<String>, part: Part) {
        self.parts.push((name, part));
    }

    pub fn part_count(&self) -> usize {
        self.parts.len()
    }

    /// Names something that the model has no place for.
    pub fn note(&mut self, words: String) {
        self.unmodelled.push(words);
    }

    /// Makes the last foreign key from `first` on deferrable. False where there is none.
    pub fn defer(&mut self, first: usize, deferrable: Deferrable) -> bool {
        let last = self.parts[first..].iter_mut().rev().find_map(|(_, part)| match part {
            Part::ForeignKey(key) => Some(key),
            _ => None,
        });
        last.is_some_and(|key| {
            key.deferrable = deferrable;
            true
        })
    }

    /// The table, every constraint under a name that no other one has.
    pub fn finish(mut self, sql: &str) -> Table {
        let mut parts = std::mem::take(&mut self.parts);
        for (_, part) in &mut parts {
            self.spell(part);
        }
        let mut table = Table { sql: Hint(Some(sql.to_owned())), ..Table::default() };
        let mut taken: IndexSet<String> = parts.iter().filter_map(|(name, _)| name.clone()).collect();
        let mut used = IndexSet::new();
        for (given, part) in parts {
            let unnamed = Hint(given.is_none());
            let name = match given {
                Some(name) if used.insert(name.clone()) => name,
                Some(name) => {
                    self.note(format!("a second constraint {name}"));
                    free(name, &mut taken)
                }
                None => free(self.name_for(&part), &mut taken),
            };
            self.place(&mut table, name, unnamed, part);
        }
        self.settle_nulls(&table);
        table.columns = self.columns;
        table.options = self.options;
        table.unmodelled = Hint(self.unmodelled);
        table
    }

    fn place(&mut self, table: &mut Table, name: String, unnamed: Hint<bool>, part: Part) {
        let deferrable = Deferrable::No;
        match part {
            Part::PrimaryKey(key) => {
                let Key { columns, autoincrement, is_rowid } = key;
                if is_rowid {
                    self.mark_rowid(&columns, autoincrement);
                }
                let on_duplicate = Hint(OnDuplicate::default());
                table.primary_key = Some(PrimaryKey {
                    name,
                    unnamed,
                    columns,
                    include: Vec::new(),
                    deferrable,
                    comment: None,
                    using: None,
                    parts: Vec::new(),
                    on_duplicate,
                });
            }
            Part::Unique(columns) => {
                let on_duplicate = Hint(OnDuplicate::default());
                let unique = Unique { unnamed, columns, include: Vec::new(), nulls_not_distinct: false, deferrable, comment: None, on_duplicate };
                table.uniques.insert(name, unique);
            }
            Part::Check { expr, column } => {
                table.checks.insert(
                    name,
                    Check { unnamed, expr, no_inherit: false, not_valid: false, not_enforced: false, comment: None, column: Hint(column) },
                );
            }
            Part::ForeignKey(key) => {
                table.foreign_keys.insert(name, ForeignKey { unnamed, ..key });
            }
        }
    }

    /// A single primary key whose type reads `INTEGER` and nothing else is the rowid: <https://www.sqlite.org/lang_createtable.html#rowid>.
    fn mark_rowid(&mut self, columns: &[String], autoincrement: bool) {
        let [name] = columns else { return };
        let Some(column) = self.columns.get_mut(name).filter(|column| types::is_integer(&column.ty.key)) else { return };
        if self.options.without_rowid {
            return;
        }
        let hidden = !matches!(column.fill, Fill::None);
        column.fill = Fill::Identity(Identity { autoincrement, not_null: !column.nullable, ..Identity::default() });
        if hidden {
            // The grammar takes it and the engine never uses it.
            self.unmodelled.push(format!("DEFAULT on column {name}, which is the rowid"));
        }
    }

    /// The columns of a primary key may be NULL, for the sake of an old bug (<https://www.sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls>),
    /// except the rowid, and all of them in a STRICT or WITHOUT ROWID table: there NOT NULL holds without being written.
    fn settle_nulls(&mut self, table: &Table) {
        let implied = self.options.strict || self.options.without_rowid;
        for name in table.key_columns() {
            if let Some(column) = self.columns.get_mut(name) {
                column.nullable &= !implied && !matches!(column.fill, Fill::Identity(_));
            }
        }
    }

    /// Gives the columns of a key the spelling of their definitions: SQLite does not see the case of ASCII letters.
    fn spell(&mut self, part: &mut Part) {
        let columns = match part {
            Part::PrimaryKey(key) => &mut key.columns,
            Part::Unique(columns) => columns,
            Part::ForeignKey(key) => &mut key.columns,
            Part::Check { .. } => return,
        };
        for name in columns {
            match self.columns.keys().find(|known| known.eq_ignore_ascii_case(name)) {
                Some(known) => name.clone_from(known),
                None => self.unmodelled.push(format!("a key on {name}, which is no column")),
            }
        }
    }

    /// The name of a constraint that was given none.
    fn name_for(&self, part: &Part) -> String {
        let name = |columns: &[String], label| default_name(&self.table, &columns.iter().map(String::as_str).collect::<Vec<_>>(), label);
        match part {
            Part::PrimaryKey(_) => name(&[], "pkey"),
            Part::Unique(columns) => name(columns, "key"),
            Part::Check { column, .. } => name(column.as_slice(), "check"),
            Part::ForeignKey(key) => name(&key.columns, "fkey"),
        }
    }
}

/// `name`, with the first number behind it that makes it a name nobody has.
fn free(name: String, taken: &mut IndexSet<String>) -> String {
    if taken.insert(name.clone()) {
        return name;
    }
    let numbered = (1..).map(|number: usize| format!("{name}{number}")).find(|name| !taken.contains(name)).unwrap_or(name);
    taken.insert(numbered.clone());
    numbered
}
