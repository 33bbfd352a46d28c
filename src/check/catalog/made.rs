//! Tables and indexes that are made: what they have of others, and the names that the server gives.

use std::rc::Rc;

use super::constraints::{forget, named_column};
use super::{Catalog, TableFacts};
use crate::check::read::{ColumnDef, Constraint, ConstraintKind, ConstraintWord, IndexDef, TableDef};
use crate::dialect::Kind;
use crate::model::default_name;

impl Catalog {
    pub(super) fn create(&mut self, def: &TableDef) {
        let Some(name) = &def.name else { return };
        if def.if_not_exists && self.table(name).is_some() {
            return;
        }
        let key = self.key(name);
        if let Some(old) = self.tables.remove(&key).filter(|_| def.or_replace && !def.temporary) {
            self.dropped.insert(key.clone(), old);
        }
        let mut facts = self.inherited(def);
        let constraints = std::mem::take(&mut facts.constraints);
        let indexes = std::mem::take(&mut facts.indexes);
        facts.columns = facts.columns.iter().map(|column| named_column(self.kind, name, column)).collect();
        for column in &def.columns {
            take(&mut facts.columns, named_column(self.kind, name, column));
        }
        facts.options.extend(def.options.iter().cloned());
        facts.is_partitioned = facts.options.iter().any(|(key, _)| key == "PARTITION");
        self.tables.insert(key, Rc::new(facts));
        constraints.iter().chain(&def.constraints).for_each(|constraint| self.add_constraint(name, constraint));
        for index in indexes.iter().chain(&def.indexes) {
            self.add_index(&IndexDef { table: name.clone(), ..index.clone() });
        }
    }

    /// What a table has of the one that LIKE, PARTITION OF or INHERITS names.
    fn inherited(&self, def: &TableDef) -> TableFacts {
        let pattern = def.like.as_ref().or(def.parent.as_ref()).and_then(|name| self.table(name));
        let Some(pattern) = pattern else { return TableFacts::default() };
        let mut facts = TableFacts { triggers: Default::default(), ..pattern.clone() };
        let key = pattern.primary_key();
        facts.columns.iter_mut().filter(|column| key.contains(&column.name)).for_each(|column| column.not_null = true);
        if self.kind == Kind::Mysql {
            forget(&mut facts, ConstraintWord::ForeignKey);
            return facts;
        }
        facts.options.clear();
        if def.like.is_some() {
            keep_included(&mut facts, &def.like_options);
        } else if !def.is_partition {
            keep_keys(&mut facts, false);
        }
        unnamed(facts)
    }

    pub(super) fn add_index(&mut self, index: &IndexDef) {
        let columns: Vec<&str> = index.columns.iter().map(|column| column.as_deref().unwrap_or("expr")).collect();
        let name = index.name.clone().or_else(|| match self.kind {
            Kind::Mysql => columns.first().map(|column| (*column).to_owned()),
            Kind::Sqlite | Kind::Postgres => Some(default_name(&index.table.name, &columns, "idx")),
        });
        self.entry(&index.table).indexes.push(IndexDef { name, ..index.clone() });
    }
}

/// A column of its own; where the table has one of that name from another the two are one.
fn take(columns: &mut Vec<ColumnDef>, own: ColumnDef) {
    let Some(it) = columns.iter_mut().find(|it| it.name == own.name) else { return columns.push(own) };
    it.not_null |= own.not_null;
    it.primary_key |= own.primary_key;
    it.unique |= own.unique;
    it.check |= own.check;
    it.default = own.default.or(it.default.take());
    it.references = own.references.or(it.references.take());
    it.constraint_names.extend(own.constraint_names);
}

/// Of a pattern on PostgreSQL a table has what INCLUDING names, besides the types of the columns and NOT NULL:
/// <https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-LIKE>.
fn keep_included(facts: &mut TableFacts, options: &[String]) {
    let includes = |what: &str| {
        let about = |option: &&String| option.ends_with(" ALL") || option.split(' ').next_back() == Some(what);
        options.iter().rfind(about).is_some_and(|option| option.starts_with("INCLUDING"))
    };
    keep_keys(facts, includes("INDEXES"));
    if !includes("CONSTRAINTS") {
        forget(facts, ConstraintWord::Check);
    }
    let (defaults, identity, generated) = (includes("DEFAULTS"), includes("IDENTITY"), includes("GENERATED"));
    for column in &mut facts.columns {
        column.default = column.default.take().filter(|_| defaults);
        column.generated = column.generated.filter(|_| generated);
        column.identity &= defaults || identity;
    }
}

/// Foreign keys go, and with the indexes the keys that stand on them.
fn keep_keys(facts: &mut TableFacts, has_indexes: bool) {
    forget(facts, ConstraintWord::ForeignKey);
    if !has_indexes {
        forget(facts, ConstraintWord::PrimaryKey);
        forget(facts, ConstraintWord::Unique);
        facts.constraints.retain(|it| it.kind != ConstraintKind::Exclude);
        facts.indexes.clear();
    }
}

/// Indexes and the keys that stand on them get names of their own; checks and foreign keys have those of the pattern.
fn unnamed(mut facts: TableFacts) -> TableFacts {
    let is_key = |it: &&mut Constraint| !matches!(it.kind, ConstraintKind::Check { .. } | ConstraintKind::ForeignKey { .. });
    facts.constraints.iter_mut().filter(is_key).for_each(|it| it.name = None);
    facts.indexes.iter_mut().for_each(|it| it.name = None);
    for column in &mut facts.columns {
        column.constraint_names.retain(|(_, word)| matches!(word, ConstraintWord::Check | ConstraintWord::ForeignKey));
    }
    facts
}
