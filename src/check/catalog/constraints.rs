//! The constraints of the catalog's tables: their names, and how they come and go.

use std::rc::Rc;

use super::{Catalog, TableFacts};
use crate::check::read::{ColumnDef, Constraint, ConstraintKind, ConstraintWord, IndexDef, Reference};
use crate::dialect::Kind;
use crate::model::{Name, default_name};

impl Catalog {
    pub(super) fn add_constraint(&mut self, table: &Name, constraint: &Constraint) {
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

    pub(super) fn drop_constraint(&mut self, table: &Name, name: Option<&str>, kind: Option<ConstraintWord>) {
        let engine = self.kind;
        let facts = self.entry(table);
        let Some(name) = name else {
            if kind == Some(ConstraintWord::PrimaryKey) {
                forget(facts, ConstraintWord::PrimaryKey);
            }
            return;
        };
        let is_it = |own: &str| own == name || engine != Kind::Postgres && own.eq_ignore_ascii_case(name);
        facts.constraints.retain(|it| !it.name.as_deref().is_some_and(is_it));
        for column in &mut facts.columns {
            let words: Vec<ConstraintWord> = column.constraint_names.iter().filter(|(own, _)| is_it(own)).map(|(_, word)| *word).collect();
            words.into_iter().for_each(|word| forget_of(column, word));
        }
    }

    /// MySQL drops unique constraints and the primary key as indexes.
    pub(super) fn drop_index(&mut self, table: Option<&Name>, index: &str) {
        let only = table.map(|table| self.key(table));
        let is_primary = self.kind == Kind::Mysql && index.eq_ignore_ascii_case("PRIMARY");
        let is_index = |it: &IndexDef| it.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(index));
        let is_unique = |it: &Constraint| matches!(it.kind, ConstraintKind::Unique { .. }) && it.name.as_deref() == Some(index);
        let is_inline = |it: &ColumnDef| it.constraint_names.iter().any(|(name, word)| *word == ConstraintWord::Unique && name == index);
        for (_, facts) in self.tables.iter_mut().filter(|(key, _)| only.as_ref().is_none_or(|only| only == *key)) {
            let has = facts.indexes.iter().any(is_index) || facts.constraints.iter().any(is_unique) || facts.columns.iter().any(is_inline);
            if !has && !is_primary {
                continue;
            }
            let facts = Rc::make_mut(facts);
            facts.indexes.retain(|it| !is_index(it));
            facts.constraints.retain(|it| !is_unique(it));
            facts.columns.iter_mut().filter(|it| is_inline(it)).for_each(|it| forget_of(it, ConstraintWord::Unique));
            if is_primary {
                forget(facts, ConstraintWord::PrimaryKey);
            }
        }
    }
}

/// The column with a name for each constraint in its definition.
pub(super) fn named_column(kind: Kind, table: &Name, column: &ColumnDef) -> ColumnDef {
    let mut column = column.clone();
    let own = column.name.clone();
    let of_column = |label: &str| default_name(&table.name, &[&own], label);
    let primary = if kind == Kind::Mysql { "PRIMARY".to_owned() } else { default_name(&table.name, &[], "pkey") };
    // MySQL calls an index by its first column.
    let unique = if kind == Kind::Mysql { own.clone() } else { of_column("key") };
    let all = [
        (column.primary_key, primary, ConstraintWord::PrimaryKey),
        (column.unique, unique, ConstraintWord::Unique),
        (column.references.is_some(), of_column("fkey"), ConstraintWord::ForeignKey),
        (column.check, of_column("check"), ConstraintWord::Check),
    ];
    for (is_there, name, word) in all {
        if is_there && !column.constraint_names.iter().any(|(_, other)| *other == word) {
            column.constraint_names.push((name, word));
        }
    }
    column
}

/// The table has no constraint of this kind any more.
pub(super) fn forget(facts: &mut TableFacts, word: ConstraintWord) {
    facts.constraints.retain(|it| word_of(&it.kind) != Some(word));
    facts.columns.iter_mut().for_each(|column| forget_of(column, word));
}

fn forget_of(column: &mut ColumnDef, word: ConstraintWord) {
    match word {
        ConstraintWord::PrimaryKey => column.primary_key = false,
        ConstraintWord::Unique => column.unique = false,
        ConstraintWord::ForeignKey => column.references = None,
        ConstraintWord::Check => column.check = false,
        ConstraintWord::NotNull => column.not_null = false,
    }
    column.constraint_names.retain(|(_, other)| *other != word);
}

fn word_of(kind: &ConstraintKind) -> Option<ConstraintWord> {
    match kind {
        ConstraintKind::PrimaryKey { .. } => Some(ConstraintWord::PrimaryKey),
        ConstraintKind::Unique { .. } => Some(ConstraintWord::Unique),
        ConstraintKind::ForeignKey { .. } => Some(ConstraintWord::ForeignKey),
        ConstraintKind::Check { .. } => Some(ConstraintWord::Check),
        ConstraintKind::NotNull { .. } => Some(ConstraintWord::NotNull),
        ConstraintKind::Exclude => None,
    }
}

/// The columns that a constraint stands on.
pub(super) fn columns_of(kind: &ConstraintKind) -> Vec<String> {
    match kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } | ConstraintKind::ForeignKey { columns, .. } => {
            columns.clone()
        }
        ConstraintKind::NotNull { column } => vec![column.clone()],
        ConstraintKind::Check { .. } | ConstraintKind::Exclude => Vec::new(),
    }
}

pub(super) fn columns_of_mut(kind: &mut ConstraintKind) -> &mut [String] {
    match kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } | ConstraintKind::ForeignKey { columns, .. } => columns,
        ConstraintKind::NotNull { column } => std::slice::from_mut(column),
        ConstraintKind::Check { .. } | ConstraintKind::Exclude => &mut [],
    }
}

/// What the foreign keys of a table point at.
pub(super) fn references_mut(facts: &mut TableFacts) -> impl Iterator<Item = &mut Reference> {
    let of_table = facts.constraints.iter_mut().filter_map(|constraint| match &mut constraint.kind {
        ConstraintKind::ForeignKey { reference, .. } => Some(reference),
        _ => None,
    });
    of_table.chain(facts.columns.iter_mut().filter_map(|column| column.references.as_mut()))
}
