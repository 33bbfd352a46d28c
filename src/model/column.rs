//! Columns and what fills them.

use super::table::ColumnOptions;
use super::text::{Hint, Text};

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The type as the dialect renders it (`varchar(64)`, `INTEGER`, `priority`), portable names already mapped.
    pub ty: Text,
    pub nullable: bool,
    pub fill: Fill,
    pub collation: Option<String>,
    pub comment: Option<String>,
    pub options: ColumnOptions,
    pub hints: Hint<ColumnHints>,
}

impl Column {
    /// A nullable column that nothing fills.
    pub fn new(ty: impl Into<String>) -> Self {
        Self {
            ty: Text::new(ty),
            nullable: true,
            fill: Fill::None,
            collation: None,
            comment: None,
            options: ColumnOptions::default(),
            hints: Hint::default(),
        }
    }

    /// True where the server finds a value for a row that names none: a default, a generated or an identity column.
    pub fn fills_itself(&self) -> bool {
        self.fill != Fill::None
    }
}

/// Where a column's value comes from when the statement gives none. One decision, so one enum.
#[derive(Debug, Clone, PartialEq)]
pub enum Fill {
    None,
    Default(Text),
    /// A generated column: its expression, and whether the value is stored or computed on reading.
    Generated {
        expr: Text,
        stored: bool,
    },
    Identity(Identity),
}

/// Numbers that the server hands out.
///
/// SQLite: any `INTEGER PRIMARY KEY` (the rowid) is an identity; `autoincrement` adds AUTOINCREMENT. PostgreSQL: an identity column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Identity {
    /// PostgreSQL: GENERATED ALWAYS rather than BY DEFAULT.
    pub always: bool,
    /// SQLite: AUTOINCREMENT, so that ids are never used again.
    pub autoincrement: bool,
    /// SQLite: NOT NULL is written out. The rowid is never NULL either way.
    pub not_null: bool,
    pub options: SequenceOptions,
}

/// The options of a sequence or identity that differ from the server's default for its type and direction. `None` is the default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SequenceOptions {
    pub start: Option<i64>,
    pub increment: Option<i64>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub cache: Option<i64>,
    pub cycle: bool,
}

/// What schema.toml says about the way to a column's new shape; it describes no state, so it is never compared.
#[derive(Debug, Clone, Default)]
pub struct ColumnHints {
    pub renamed_from: Option<String>,
    pub backfill: Option<Backfill>,
    /// The expression that turns the old value into the new type.
    pub using: Option<String>,
}

/// The value for rows that have none: an SQL expression (a literal already quoted).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backfill {
    pub sql: String,
    /// True where schema.toml gave a plain value, so that the expression is the same for every row.
    pub constant: bool,
    /// Rows in a batch, where the user fixed it.
    pub batch: Option<u64>,
}
