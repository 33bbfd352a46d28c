//! Tables and their indexes.

use indexmap::IndexMap;

use super::column::Column;
use super::constraint::{Check, Exclusion, ForeignKey, PrimaryKey, Unique};
use super::name::Name;
use super::object::Grants;
use super::text::{Hint, Text};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    pub renamed_from: Hint<Option<String>>,
    pub comment: Option<String>,
    pub columns: IndexMap<String, Column>,
    pub primary_key: Option<PrimaryKey>,
    pub uniques: IndexMap<String, Unique>,
    pub checks: IndexMap<String, Check>,
    pub foreign_keys: IndexMap<String, ForeignKey>,
    pub exclusions: IndexMap<String, Exclusion>,
    pub indexes: IndexMap<String, Index>,
    pub options: TableOptions,
    pub grants: Grants,
    /// What the live table has that the model cannot tell, in words ("row-level security", "ON CONFLICT IGNORE"). Such a table is altered
    /// in place at most: never rebuilt, never dropped.
    pub unmodelled: Hint<Vec<String>>,
    /// The live table's own DDL where the server keeps it (SQLite).
    pub sql: Hint<Option<String>>,
}

/// What an engine says of a table besides its parts. An option of another engine is refused when schema.toml is validated.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableOptions {
    /// SQLite: STRICT.
    pub strict: bool,
    /// SQLite: WITHOUT ROWID.
    pub without_rowid: bool,
    /// PostgreSQL: UNLOGGED.
    pub unlogged: bool,
    /// PostgreSQL: WITH (...), `toast.` parameters included. MySQL: the other table options.
    pub storage: IndexMap<String, String>,
    /// PostgreSQL: the table access method, where it is not the default.
    pub access_method: Option<String>,
    /// PostgreSQL: the tablespace, where it is not the database's.
    pub tablespace: Option<String>,
    /// PostgreSQL: ENABLE ROW LEVEL SECURITY.
    pub row_security: bool,
    /// PostgreSQL: FORCE ROW LEVEL SECURITY.
    pub force_row_security: bool,
    /// PostgreSQL: `full`, `nothing`, or the name of a unique index.
    pub replica_identity: Option<String>,
    /// PostgreSQL: the index that CLUSTER takes.
    pub clustered_on: Option<String>,
    /// PostgreSQL: PARTITION BY, as `RANGE (created_at)`. MySQL: the same with its partitions, `HASH (id) PARTITIONS 4`.
    pub partition_by: Option<Text>,
    /// PostgreSQL: whose partition it is, and of which rows.
    pub partition: Option<Partition>,
    /// PostgreSQL: the tables it inherits from.
    pub inherits: Vec<Name>,
    /// PostgreSQL: a foreign table.
    pub foreign: Option<Foreign>,
    /// MySQL: ENGINE.
    pub engine: Option<String>,
    /// MySQL: the character set; what the server reports has one always.
    pub charset: Option<String>,
    /// MySQL: the collation of columns that say nothing else.
    pub collation: Option<String>,
    /// MySQL: ROW_FORMAT, where it is written out.
    pub row_format: Option<String>,
    /// MariaDB: WITH SYSTEM VERSIONING.
    pub system_versioning: bool,
    /// MySQL: where AUTO_INCREMENT begins when the table is made. The counter moves with the rows, so it is never compared.
    pub auto_increment: Hint<Option<i64>>,
}

/// What a database of MySQL gives to a table that says nothing; empty for every other engine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    pub engine: String,
    pub charset: String,
    pub collation: String,
}

/// A partition's place in its table.
#[derive(Debug, Clone, PartialEq)]
pub struct Partition {
    pub of: Name,
    /// `FOR VALUES FROM (1) TO (10)`, or `DEFAULT`.
    pub bound: Text,
}

/// Where the rows of a foreign table are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    pub server: String,
    pub options: IndexMap<String, String>,
}

/// What an engine keeps for a column besides its values, where it is not the default of its type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnOptions {
    /// `plain`, `external`, `extended` or `main`.
    pub storage: Option<String>,
    /// `pglz` or `lz4`.
    pub compression: Option<String>,
    /// The target of ANALYZE.
    pub statistics: Option<i64>,
    /// PostgreSQL: SET (...), such as `n_distinct`. MySQL: COLUMN_FORMAT, COMPRESSED and the like.
    pub settings: IndexMap<String, String>,
    /// OPTIONS (...) of a foreign table's column.
    pub foreign: IndexMap<String, String>,
    /// MySQL: the character set as schema.toml says it; what the server reports is told by the collation.
    pub charset: Option<String>,
    /// MySQL: ON UPDATE.
    pub on_update: Option<Text>,
    /// MySQL: left out by `SELECT *`.
    pub invisible: bool,
    /// MariaDB: a check that is part of the column and has no name.
    pub check: Option<Text>,
    /// MySQL: the spatial reference system of its values.
    pub srid: Option<i64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    pub unique: bool,
    /// PostgreSQL: `btree`, `hash`, `gin`, ... SQLite: always `btree`. MySQL: `btree` where nothing is said, `fulltext` and `spatial`.
    pub method: String,
    pub parts: Vec<IndexPart>,
    pub include: Vec<String>,
    pub predicate: Option<Text>,
    pub nulls_not_distinct: bool,
    /// PostgreSQL: WITH (...). MySQL: USING where it is written out, the parser, whether it is invisible.
    pub storage: IndexMap<String, String>,
    pub tablespace: Option<String>,
    pub comment: Option<String>,
    /// What becomes of duplicates when a unique index is new.
    pub on_duplicate: Hint<super::constraint::OnDuplicate>,
    /// True for the index of a column's `index = true`.
    pub short: Hint<bool>,
}

/// One key of an index: a column or an expression, with what stands behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexPart {
    pub key: IndexKey,
    /// MySQL: how many characters or bytes are indexed, where not all.
    pub length: Option<u64>,
    pub order: Order,
    /// `None` is the default for the order: NULLS LAST ascending, NULLS FIRST descending.
    pub nulls: Option<NullsOrder>,
}

/// What is indexed.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexKey {
    /// The column's name, or the expression's text.
    pub what: KeyOf,
    pub collation: Option<String>,
    /// PostgreSQL: the operator class where it is not the default, with its parameters if it has any.
    pub opclass: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum KeyOf {
    Column(String),
    Expr(Text),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    #[default]
    Asc,
    Desc,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NullsOrder {
    First,
    Last,
}

impl Table {
    /// The tables whose columns it has as well: what it is a partition of, or inherits from.
    pub fn parents(&self) -> Vec<Name> {
        self.options.partition.iter().map(|partition| partition.of.clone()).chain(self.options.inherits.iter().cloned()).collect()
    }

    /// The columns of the primary key, in its order; none where there is no key.
    pub fn key_columns(&self) -> &[String] {
        self.primary_key.as_ref().map_or(&[], |key| &key.columns)
    }

    /// The name a foreign key, unique or check of `columns` gets where none is given.
    pub fn default_name(name: &Name, columns: &[String], label: &str) -> String {
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        super::name::default_name(&name.name, &columns, label)
    }
}

impl IndexKey {
    pub fn column(name: impl Into<String>) -> Self {
        Self { what: KeyOf::Column(name.into()), collation: None, opclass: None }
    }

    /// The column's name, where a plain column is indexed.
    pub fn column_name(&self) -> Option<&str> {
        match &self.what {
            KeyOf::Column(name) => Some(name),
            KeyOf::Expr(_) => None,
        }
    }

    /// The expression as the server spells it, where one is indexed.
    pub fn expression(&self) -> Option<&str> {
        match &self.what {
            KeyOf::Column(_) => None,
            KeyOf::Expr(text) => Some(&text.key),
        }
    }
}

impl IndexPart {
    pub fn column(name: impl Into<String>) -> Self {
        Self { key: IndexKey::column(name), length: None, order: Order::Asc, nulls: None }
    }
}
