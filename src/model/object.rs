//! What is neither a table nor a part of one.

use std::fmt;

use super::column::SequenceOptions;
use super::name::Name;
use super::text::{Hint, Text};

/// An enumeration. PostgreSQL: a type. SQLite: a CHECK on each column that has it, so none is ever introspected there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumType {
    pub values: Vec<String>,
    pub comment: Option<String>,
    pub renamed_from: Hint<Option<String>>,
}

/// A sequence of PostgreSQL that is not an identity column's own; `serial` is one with a default that reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// `smallint`, `integer` or `bigint`.
    pub ty: String,
    pub options: SequenceOptions,
    /// The column with which it is dropped.
    pub owned_by: Option<(Name, String)>,
    pub unlogged: bool,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The column names in parentheses behind the view's name; empty where the query names them.
    pub columns: Vec<String>,
    pub query: Text,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// The table or view it watches.
    pub table: Name,
    /// All that stands behind the trigger's name in CREATE TRIGGER.
    pub definition: Text,
}

/// Something the language has no word for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmodelled {
    /// The server's word for it: `view`, `function`, `virtual table`, `policy`, ...
    pub kind: String,
    pub name: String,
    /// The tables, or `(table, column)` pairs, that it stands on: dropping or retyping one of them would break it.
    pub stands_on: Vec<(Name, Option<String>)>,
}

impl fmt::Display for Unmodelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}
