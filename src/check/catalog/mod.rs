//! What the scripts that were read have made so far: the tables with their columns, keys and indexes, as far as rules ask for them.
//!
//! It is made of what the statements say, so that no server is needed and each statement can be judged by what was there just before it.
//! What a statement does that was not read, or in a body, it does not know.

mod constraints;
mod made;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::read::{Action, ColumnDef, Constraint, ConstraintKind, ConstraintWord, IndexDef, Reference};
use crate::dialect::Kind;
use crate::model::Name;
use constraints::{columns_of, columns_of_mut, named_column, references_mut};

/// A table as it was made and changed.
#[derive(Debug, Clone, Default)]
pub struct TableFacts {
    /// The constraints in the definition of a column have names, given or the server's.
    pub columns: Vec<ColumnDef>,
    /// With names, given or the server's; a validated constraint has `not_valid` false.
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<IndexDef>,
    pub triggers: BTreeSet<String>,
    /// The options of CREATE TABLE, keys in upper case.
    pub options: Vec<(String, String)>,
    pub is_partitioned: bool,
}

/// All tables.
#[derive(Debug, Clone)]
pub struct Catalog {
    kind: Kind,
    tables: BTreeMap<String, Rc<TableFacts>>,
    /// The tables that the script at hand has dropped, as they were.
    dropped: BTreeMap<String, Rc<TableFacts>>,
    /// Enumerations with their values, on PostgreSQL.
    pub enums: BTreeMap<String, Vec<String>>,
    /// What the script at hand has set, on SQLite.
    pragmas: BTreeMap<String, String>,
}

impl TableFacts {
    pub fn column(&self, name: &str) -> Option<&ColumnDef> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The columns of the primary key, in its order.
    pub fn primary_key(&self) -> Vec<String> {
        let of_table = self.constraints.iter().find_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } => Some(columns.clone()),
            _ => None,
        });
        of_table.unwrap_or_else(|| self.columns.iter().filter(|column| column.primary_key).map(|column| column.name.clone()).collect())
    }

    /// The column lists that an index stands on, those of keys and unique constraints included.
    pub fn indexed(&self) -> Vec<Vec<String>> {
        let plain = |index: &IndexDef| index.columns.iter().map_while(Clone::clone).collect::<Vec<String>>();
        let mut found: Vec<Vec<String>> = self.indexes.iter().filter(|index| !index.is_partial && index.special.is_none()).map(plain).collect();
        found.extend(self.constraints.iter().filter_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => Some(columns.clone()),
            _ => None,
        }));
        found.extend(self.columns.iter().filter(|column| column.primary_key || column.unique).map(|column| vec![column.name.clone()]));
        found.retain(|columns| !columns.is_empty());
        found
    }

    /// The foreign keys: the columns and what they point at.
    pub fn foreign_keys(&self) -> Vec<(Vec<String>, Reference)> {
        let of_table = self.constraints.iter().filter_map(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey { columns, reference } => Some((columns.clone(), reference.clone())),
            _ => None,
        });
        let of_columns = self.columns.iter().filter_map(|column| Some((vec![column.name.clone()], column.references.clone()?)));
        of_table.chain(of_columns).collect()
    }
}

impl Catalog {
    pub fn new(kind: Kind) -> Self {
        Self { kind, tables: BTreeMap::new(), dropped: BTreeMap::new(), enums: BTreeMap::new(), pragmas: BTreeMap::new() }
    }

    fn key(&self, name: &Name) -> String {
        key(self.kind, name)
    }

    /// True where two names are those of the same table.
    pub fn is_same(&self, a: &Name, b: &Name) -> bool {
        self.key(a) == self.key(b)
    }

    pub fn table(&self, name: &Name) -> Option<&TableFacts> {
        self.tables.get(&self.key(name)).map(Rc::as_ref)
    }

    /// A table that the script at hand has dropped, as it was.
    pub fn dropped(&self, name: &Name) -> Option<&TableFacts> {
        self.dropped.get(&self.key(name)).map(Rc::as_ref)
    }

    /// A new script begins.
    pub fn begin_script(&mut self) {
        self.dropped.clear();
        self.pragmas.clear();
    }

    /// All tables by their names, as the catalog keeps them.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &TableFacts)> {
        self.tables.iter().map(|(name, table)| (name.as_str(), table.as_ref()))
    }

    /// The table that has an index of this name, and the index.
    pub fn index(&self, table: Option<&Name>, index: &str) -> Option<(&str, &IndexDef)> {
        let found =
            |facts: &'_ TableFacts| facts.indexes.iter().position(|it| it.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(index)));
        let mut tables = self.tables.iter().filter(|(key, _)| table.is_none_or(|table| **key == self.key(table)));
        tables.find_map(|(key, facts)| found(facts).map(|at| (key.as_str(), &facts.indexes[at])))
    }

    fn entry(&mut self, name: &Name) -> &mut TableFacts {
        let key = self.key(name);
        Rc::make_mut(self.tables.entry(key).or_default())
    }

    /// Does what the statement did.
    pub fn apply(&mut self, action: &Action) {
        match action {
            Action::CreateTable(def) => self.create(def),
            Action::DropTable { table, .. } => {
                let key = self.key(table);
                if let Some(facts) = self.tables.remove(&key) {
                    self.dropped.insert(key, facts);
                }
            }
            Action::RenameTable { from, to } => self.rename(from, to),
            Action::MoveTable { table, schema } => {
                self.rename(table, &Name::within(Some(schema).filter(|it| *it != "public").map(String::as_str), &table.name))
            }
            Action::CreateIndex(index) => self.add_index(index),
            Action::DropIndex { table, index, .. } => self.drop_index(table.as_ref(), &index.name),
            Action::RenameIndex { index, to } => {
                let has = |facts: &TableFacts| facts.indexes.iter().any(|it| it.name.as_deref() == Some(index.name.as_str()));
                for facts in self.tables.values_mut().filter(|facts| has(facts)) {
                    for it in Rc::make_mut(facts).indexes.iter_mut().filter(|it| it.name.as_deref() == Some(index.name.as_str())) {
                        it.name = Some(to.clone());
                    }
                }
            }
            Action::Pragma { name, value: Some(value) } => {
                self.pragmas.insert(name.clone(), value.clone());
            }
            Action::CreateTrigger { trigger, table } => {
                self.entry(table).triggers.insert(trigger.clone());
            }
            Action::DropTrigger { trigger, .. } => {
                for facts in self.tables.values_mut().filter(|facts| facts.triggers.contains(trigger)) {
                    Rc::make_mut(facts).triggers.remove(trigger);
                }
            }
            Action::AddEnumValue { name, value, .. } => {
                if let Some(values) = self.enums.get_mut(&self.key(name)) {
                    values.push(value.clone());
                }
            }
            Action::TableOption { table, key, value } => {
                let options = &mut self.entry(table).options;
                options.retain(|(known, _)| known != key);
                options.push((key.clone(), value.clone()));
            }
            Action::CreateEnum { name, values } => {
                self.enums.insert(self.key(name), values.clone());
            }
            other => self.apply_to_column(other),
        }
    }

    fn apply_to_column(&mut self, action: &Action) {
        match action {
            Action::AddColumn { table, column, .. } => {
                let column = named_column(self.kind, table, column);
                self.entry(table).columns.push(column);
            }
            Action::DropColumn { table, column, .. } => self.drop_column(table, column),
            Action::RenameColumn { table, from, to } => self.rename_column(table, from, to),
            Action::Redefine { table, from, column } => {
                if !from.eq_ignore_ascii_case(&column.name) {
                    self.rename_column(table, from, &column.name);
                }
                let column = named_column(self.kind, table, column);
                self.change(table, &column.name.clone(), |it| redefine(it, column));
            }
            Action::SetType { table, column, ty, .. } => self.change(table, column, |it| it.ty.clone_from(ty)),
            Action::SetNotNull { table, column } => self.change(table, column, |it| it.not_null = true),
            Action::DropNotNull { table, column } => self.change(table, column, |it| it.not_null = false),
            Action::SetDefault { table, column, expr } => self.change(table, column, |it| it.default = Some(expr.clone())),
            Action::DropDefault { table, column } => self.change(table, column, |it| it.default = None),
            Action::AddIdentity { table, column } => self.change(table, column, |it| it.identity = true),
            Action::AddConstraint { table, constraint } => self.add_constraint(table, constraint),
            Action::DropConstraint { table, name, kind, .. } => self.drop_constraint(table, name.as_deref(), *kind),
            Action::ValidateConstraint { table, name } => {
                for it in self.entry(table).constraints.iter_mut().filter(|it| it.name.as_ref() == Some(name)) {
                    it.not_valid = false;
                }
            }
            _ => {}
        }
    }

    /// The foreign keys of all tables follow, and the indexes of the table itself.
    fn rename(&mut self, from: &Name, to: &Name) {
        let (kind, old) = (self.kind, self.key(from));
        if let Some(mut facts) = self.tables.remove(&old) {
            Rc::make_mut(&mut facts).indexes.iter_mut().for_each(|index| index.table = to.clone());
            self.tables.insert(self.key(to), facts);
        }
        if !self.keeps_references() {
            self.change_references(|reference| {
                if key(kind, &reference.table) == old {
                    reference.table = to.clone();
                }
            });
        }
    }

    /// With these two pragmas SQLite leaves the foreign keys of other tables alone: <https://www.sqlite.org/lang_altertable.html#alter_table_rename>.
    fn keeps_references(&self) -> bool {
        let is = |name: &str, values: [&str; 4]| self.pragmas.get(name).is_some_and(|value| values.contains(&value.as_str()));
        is("legacy_alter_table", ["on", "1", "yes", "true"]) && is("foreign_keys", ["off", "0", "no", "false"])
    }

    fn change_references(&mut self, change: impl Fn(&mut Reference)) {
        for facts in self.tables.values_mut().filter(|facts| !facts.foreign_keys().is_empty()) {
            references_mut(Rc::make_mut(facts)).for_each(&change);
        }
    }

    fn change(&mut self, table: &Name, column: &str, change: impl FnOnce(&mut ColumnDef)) {
        let column = self.entry(table).columns.iter_mut().find(|it| it.name.eq_ignore_ascii_case(column));
        column.map(change);
    }

    fn drop_column(&mut self, table: &Name, column: &str) {
        let is_it = |name: &String| name.eq_ignore_ascii_case(column);
        let facts = self.entry(table);
        facts.columns.retain(|it| !is_it(&it.name));
        facts.indexes.retain(|it| !it.columns.iter().flatten().any(is_it));
        facts.constraints.retain(|it| !columns_of(&it.kind).iter().any(is_it));
    }

    fn rename_column(&mut self, table: &Name, from: &str, to: &str) {
        let facts = self.entry(table);
        let indexes = facts.indexes.iter_mut().flat_map(|index| index.columns.iter_mut().flatten());
        let names = facts.columns.iter_mut().map(|column| &mut column.name).chain(indexes);
        for name in names.chain(facts.constraints.iter_mut().flat_map(|constraint| columns_of_mut(&mut constraint.kind))) {
            if name.eq_ignore_ascii_case(from) {
                to.clone_into(name);
            }
        }
        let (kind, of) = (self.kind, self.key(table));
        self.change_references(|reference| {
            if key(kind, &reference.table) == of {
                reference.columns.iter_mut().filter(|name| name.eq_ignore_ascii_case(from)).for_each(|name| to.clone_into(name));
            }
        });
    }
}

/// Only PostgreSQL tells names apart that differ in nothing but case: where others wrote them without quotes it has folded them.
fn key(kind: Kind, name: &Name) -> String {
    let text = name.to_string();
    if kind == Kind::Postgres { text } else { text.to_lowercase() }
}

/// MODIFY and CHANGE leave the keys alone that stand on the column.
fn redefine(it: &mut ColumnDef, new: ColumnDef) {
    let old = std::mem::replace(it, new);
    (it.primary_key, it.unique, it.references) = (it.primary_key || old.primary_key, it.unique || old.unique, old.references);
    for (name, word) in old.constraint_names {
        let is_key = !matches!(word, ConstraintWord::Check | ConstraintWord::NotNull);
        if is_key && !it.constraint_names.iter().any(|(_, other)| *other == word) {
            it.constraint_names.push((name, word));
        }
    }
}
