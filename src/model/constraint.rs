//! Keys, checks, foreign keys and exclusion constraints. Names are keys of the table's maps, or a field where there can be only one.

use super::name::Name;
use super::table::{IndexKey, IndexPart};
use super::text::{Hint, Text};

#[derive(Debug, Clone, PartialEq)]
pub struct PrimaryKey {
    pub name: String,
    /// True where the live table gave the constraint no name (SQLite); a rebuild leaves it so.
    pub unnamed: Hint<bool>,
    pub columns: Vec<String>,
    /// PostgreSQL: INCLUDE columns.
    pub include: Vec<String>,
    pub deferrable: Deferrable,
    pub comment: Option<String>,
    /// MySQL: USING, where it is written out.
    pub using: Option<String>,
    /// MySQL: the parts of the key, where one of them is a prefix or descends; empty otherwise.
    pub parts: Vec<IndexPart>,
    pub on_duplicate: Hint<OnDuplicate>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Unique {
    pub unnamed: Hint<bool>,
    pub columns: Vec<String>,
    pub include: Vec<String>,
    /// PostgreSQL 15: NULLS NOT DISTINCT.
    pub nulls_not_distinct: bool,
    pub deferrable: Deferrable,
    pub comment: Option<String>,
    pub on_duplicate: Hint<OnDuplicate>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    pub unnamed: Hint<bool>,
    pub expr: Text,
    /// PostgreSQL: NO INHERIT.
    pub no_inherit: bool,
    /// PostgreSQL: NOT VALID, existing rows were never looked at.
    pub not_valid: bool,
    /// MySQL: NOT ENFORCED.
    pub not_enforced: bool,
    pub comment: Option<String>,
    /// The one column in whose short form the check was written, where it was.
    pub column: Hint<Option<String>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ForeignKey {
    pub unnamed: Hint<bool>,
    pub columns: Vec<String>,
    pub target: Name,
    /// Empty where SQLite's DDL leaves them out: the target's primary key.
    pub target_columns: Vec<String>,
    pub on_update: KeyAction,
    pub on_delete: KeyAction,
    /// PostgreSQL 15: the columns that ON DELETE SET NULL or SET DEFAULT sets, where not all.
    pub on_delete_columns: Vec<String>,
    /// MATCH FULL.
    pub match_full: bool,
    pub deferrable: Deferrable,
    pub not_valid: bool,
    pub comment: Option<String>,
    pub on_orphan: Hint<OnOrphan>,
}

impl ForeignKey {
    /// One that nothing else is said of.
    pub fn new(columns: Vec<String>, target: Name, target_columns: Vec<String>) -> Self {
        Self {
            unnamed: Hint(false),
            columns,
            target,
            target_columns,
            on_update: KeyAction::NoAction,
            on_delete: KeyAction::NoAction,
            on_delete_columns: Vec::new(),
            match_full: false,
            deferrable: Deferrable::No,
            not_valid: false,
            comment: None,
            on_orphan: Hint::default(),
        }
    }
}

impl Check {
    /// True for a check that is added once its table is there: CREATE TABLE would validate one that is not to be, and one that takes whole
    /// rows calls what stands on the table.
    pub fn comes_after_table(&self, table: &str) -> bool {
        self.not_valid || self.takes_row(table)
    }

    /// True where the expression names the table itself, as a function of the whole row is called.
    fn takes_row(&self, table: &str) -> bool {
        let text = &self.expr.key;
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        text.match_indices(table).any(|(at, _)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + table.len()..].chars().next());
            !is_part(before) && !is_part(after) && (after != Some('.') || text[at + table.len()..].starts_with(".*"))
        })
    }
}

/// PostgreSQL's EXCLUDE. Each part is a key and its operator.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// The index method; `gist` unless said otherwise in schema.toml.
    pub method: String,
    pub parts: Vec<(IndexKey, String)>,
    pub include: Vec<String>,
    pub predicate: Option<Text>,
    pub deferrable: Deferrable,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyAction {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Deferrable {
    #[default]
    No,
    InitiallyImmediate,
    InitiallyDeferred,
}

/// What becomes of rows that a new unique or primary key contradicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDuplicate {
    /// Nothing was said: `migrate` asks.
    #[default]
    Unsaid,
    Error,
    KeepFirst,
    KeepLast,
}

/// What becomes of rows whose foreign key points nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnOrphan {
    #[default]
    Unsaid,
    Error,
    Delete,
    SetNull,
}
