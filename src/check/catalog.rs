//! What the scripts that were read have made so far: the tables with their columns, keys and indexes, as far as rules ask for them.
//!
//! It is made of what the statements say, so that no server is needed and each statement can be judged by what was there just before it.
//! What a statement does that was not read, or in a body, it does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::read::{Action, ColumnDef, Constraint, ConstraintKind, ConstraintWord, IndexDef, TableDef};
use crate::dialect::Kind;
use crate::model::{Name, default_name};

/// A table as it was made and changed.
#[derive(Debug, Clone, Default)]
pub struct TableFacts {
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
    pub fn foreign_keys(&self) -> Vec<(Vec<String>, super::read::Reference)> {
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
        Self { kind, tables: BTreeMap::new(), dropped: BTreeMap::new(), enums: BTreeMap::new() }
    }

    fn key(&self, name: &Name) -> String {
        let text = name.to_string();
        if self.kind == Kind::Postgres { text } else { text.to_lowercase() }
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
            Action::CreateIndex(index) => {
                let named = self.named(index);
                self.entry(&index.table).indexes.push(named);
            }
            Action::DropIndex { table, index, .. } => self.drop_index(table.as_ref(), &index.name),
            Action::RenameIndex { index, to } => {
                let has = |facts: &TableFacts| facts.indexes.iter().any(|it| it.name.as_deref() == Some(index.name.as_str()));
                for facts in self.tables.values_mut().filter(|facts| has(facts)) {
                    for it in Rc::make_mut(facts).indexes.iter_mut().filter(|it| it.name.as_deref() == Some(index.name.as_str())) {
                        it.name = Some(to.clone());
                    }
                }
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
            Action::AddColumn { table, column, .. } => self.entry(table).columns.push(column.clone()),
            Action::DropColumn { table, column, .. } => self.drop_column(table, column),
            Action::RenameColumn { table, from, to } => self.rename_column(table, from, to),
            Action::Redefine { table, from, column } => {
                if !from.eq_ignore_ascii_case(&column.name) {
                    self.rename_column(table, from, &column.name);
                }
                self.change(table, &column.name, |it| {
                    let (primary_key, unique, references) = (it.primary_key, it.unique, it.references.take());
                    *it = column.clone();
                    (it.primary_key, it.unique, it.references) = (it.primary_key || primary_key, it.unique || unique, references);
                });
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

    fn create(&mut self, def: &TableDef) {
        let Some(name) = &def.name else { return };
        if def.if_not_exists && self.table(name).is_some() {
            return;
        }
        let like = def.like.as_ref().or(def.parent.as_ref()).and_then(|like| self.table(like)).map(|facts| facts.columns.clone());
        let columns = like.unwrap_or_default().into_iter().chain(def.columns.iter().cloned()).collect();
        let is_partitioned = def.options.iter().any(|(key, _)| key == "PARTITION");
        let facts = TableFacts { columns, options: def.options.clone(), is_partitioned, ..TableFacts::default() };
        let key = self.key(name);
        self.tables.insert(key, Rc::new(facts));
        def.constraints.iter().for_each(|constraint| self.add_constraint(name, constraint));
        for index in &def.indexes {
            let named = self.named(index);
            self.entry(name).indexes.push(named);
        }
    }

    fn named(&self, index: &IndexDef) -> IndexDef {
        let columns: Vec<&str> = index.columns.iter().map(|column| column.as_deref().unwrap_or("expr")).collect();
        let name = index.name.clone().or_else(|| match self.kind {
            Kind::Mysql => columns.first().map(|column| (*column).to_owned()),
            Kind::Sqlite | Kind::Postgres => Some(default_name(&index.table.name, &columns, "idx")),
        });
        IndexDef { name, ..index.clone() }
    }

    fn rename(&mut self, from: &Name, to: &Name) {
        let (from, to) = (self.key(from), self.key(to));
        if let Some(facts) = self.tables.remove(&from) {
            self.tables.insert(to, facts);
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
    }

    fn add_constraint(&mut self, table: &Name, constraint: &Constraint) {
        let mut constraint = constraint.clone();
        // A key that is made of an index has its columns.
        if let ConstraintKind::Unique { columns, using_index: Some(index) } | ConstraintKind::PrimaryKey { columns, using_index: Some(index) } =
            &mut constraint.kind
        {
            if let Some((_, it)) = self.index(Some(table), index) {
                *columns = it.columns.iter().flatten().cloned().collect();
            }
            let index = index.clone();
            self.drop_index(Some(table), &index);
        }
        let columns = columns_of(&constraint.kind);
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let label = match &constraint.kind {
            ConstraintKind::PrimaryKey { .. } => "pkey",
            ConstraintKind::Unique { .. } => "key",
            ConstraintKind::ForeignKey { .. } => "fkey",
            ConstraintKind::Check { .. } => "check",
            ConstraintKind::NotNull { .. } => "not_null",
            ConstraintKind::Exclude => "excl",
        };
        let columns = if label == "pkey" { Vec::new() } else { columns };
        let name = default_name(&table.name, &columns, label);
        constraint.name.get_or_insert(name);
        self.entry(table).constraints.push(constraint);
    }

    fn drop_constraint(&mut self, table: &Name, name: Option<&str>, kind: Option<ConstraintWord>) {
        let facts = self.entry(table);
        match (name, kind) {
            (None, Some(ConstraintWord::PrimaryKey)) => {
                facts.constraints.retain(|it| !matches!(it.kind, ConstraintKind::PrimaryKey { .. }));
                facts.columns.iter_mut().for_each(|column| column.primary_key = false);
            }
            (Some(name), _) => {
                facts.constraints.retain(|it| it.name.as_deref() != Some(name));
                // What is written with its column has the name that the server gives it.
                if name == default_name(&table.name, &[], "pkey") {
                    facts.columns.iter_mut().for_each(|column| column.primary_key = false);
                }
                for column in &mut facts.columns {
                    let is_it = |label: &str| name == default_name(&table.name, &[&column.name], label);
                    let (is_key, is_foreign_key, is_check) = (is_it("key"), is_it("fkey"), is_it("check"));
                    column.unique &= !is_key;
                    column.check &= !is_check;
                    if is_foreign_key {
                        column.references = None;
                    }
                }
            }
            (None, _) => {}
        }
    }

    /// MySQL drops unique constraints as indexes.
    fn drop_index(&mut self, table: Option<&Name>, index: &str) {
        let only = table.map(|table| self.key(table));
        let is_index = |it: &IndexDef| it.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(index));
        let is_unique = |it: &Constraint| matches!(it.kind, ConstraintKind::Unique { .. }) && it.name.as_deref() == Some(index);
        for (_, facts) in self.tables.iter_mut().filter(|(key, _)| only.as_ref().is_none_or(|only| only == *key)) {
            if facts.indexes.iter().any(is_index) || facts.constraints.iter().any(is_unique) {
                let facts = Rc::make_mut(facts);
                facts.indexes.retain(|it| !is_index(it));
                facts.constraints.retain(|it| !is_unique(it));
            }
        }
    }
}

/// The columns that a constraint stands on.
pub fn columns_of(kind: &ConstraintKind) -> Vec<String> {
    match kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } | ConstraintKind::ForeignKey { columns, .. } => {
            columns.clone()
        }
        ConstraintKind::NotNull { column } => vec![column.clone()],
        ConstraintKind::Check { .. } | ConstraintKind::Exclude => Vec::new(),
    }
}

fn columns_of_mut(kind: &mut ConstraintKind) -> &mut [String] {
    match kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } | ConstraintKind::ForeignKey { columns, .. } => columns,
        ConstraintKind::NotNull { column } => std::slice::from_mut(column),
        ConstraintKind::Check { .. } | ConstraintKind::Exclude => &mut [],
    }
}
