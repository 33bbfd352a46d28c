//! What differs between two shapes of one table.

use super::parts::{self, PartEdit};
use crate::model::{Column, Table};

/// A table that stays and changes.
#[derive(Debug, Clone, PartialEq)]
pub struct TableAlter {
    pub from: Table,
    pub to: Table,
    pub changes: Vec<TableChange>,
}

/// One change of a table. A column is told by its name; its shapes are in `from` and `to`.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a difference holds few of them, and planners match into their parts")]
pub enum TableChange {
    DropColumn(String),
    AddColumn(String),
    AlterColumn(String, ColumnDelta),
    Part(String, PartEdit),
    Comment,
    Options,
    Grants,
}

/// Which facets of a column differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ColumnDelta {
    pub ty: bool,
    pub collation: bool,
    pub nullable: bool,
    pub fill: bool,
    pub comment: bool,
    pub options: bool,
}

impl ColumnDelta {
    fn between(from: &Column, to: &Column) -> Option<Self> {
        let delta = Self {
            ty: from.ty != to.ty,
            collation: from.collation != to.collation,
            nullable: from.nullable != to.nullable,
            fill: from.fill != to.fill,
            comment: from.comment != to.comment,
            options: from.options != to.options,
        };
        (delta != Self::default()).then_some(delta)
    }

    /// The facets in words, for messages: `type, default`.
    pub fn words(self) -> String {
        let words = [
            (self.ty, "type"),
            (self.collation, "collation"),
            (self.nullable, "nullability"),
            (self.fill, "default"),
            (self.comment, "comment"),
            (self.options, "options"),
        ];
        words.iter().filter(|(differs, _)| *differs).map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
    }
}

impl TableAlter {
    /// The changes from one shape to the other, or `None` where there are none. The order of columns is no difference: no engine but
    /// MySQL can change it in place.
    pub(super) fn between(from: &Table, to: &Table) -> Option<Self> {
        let mut changes = Vec::new();
        let dropped = from.columns.keys().filter(|name| !to.columns.contains_key(*name));
        changes.extend(dropped.cloned().map(TableChange::DropColumn));
        for (name, column) in &to.columns {
            match from.columns.get(name) {
                None => changes.push(TableChange::AddColumn(name.clone())),
                Some(before) => changes.extend(ColumnDelta::between(before, column).map(|delta| TableChange::AlterColumn(name.clone(), delta))),
            }
        }
        changes.extend(parts::edits(from, to).into_iter().map(|(name, edit)| TableChange::Part(name, edit)));
        if from.comment != to.comment {
            changes.push(TableChange::Comment);
        }
        if from.options != to.options {
            changes.push(TableChange::Options);
        }
        if from.grants != to.grants {
            changes.push(TableChange::Grants);
        }
        (!changes.is_empty()).then(|| Self { from: from.clone(), to: to.clone(), changes })
    }

    /// True where the column is new in this change.
    pub fn adds_column(&self, column: &str) -> bool {
        self.to.columns.contains_key(column) && !self.from.columns.contains_key(column)
    }
}
