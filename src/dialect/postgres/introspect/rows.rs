//! The rows of the catalog queries, as the server writes them in JSON.

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};

use crate::model::{Grants, Name};

#[derive(Debug, Deserialize)]
pub struct Settings {
    pub search_path: String,
    #[serde(default)]
    pub user: String,
}

#[derive(Debug, Deserialize)]
pub struct Present {
    pub kinds: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Namespace {
    pub id: u32,
    pub name: String,
    pub comment: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Extension {
    pub id: u32,
    pub name: String,
    pub schema: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Enum {
    pub id: u32,
    pub schema: Option<String>,
    pub name: String,
    pub labels: Vec<String>,
    pub comment: Option<String>,
}

/// The type and the numbers of a sequence.
#[derive(Debug, Deserialize)]
pub struct SequenceNumbers {
    #[serde(rename = "type")]
    pub ty: String,
    pub start: i64,
    pub increment: i64,
    pub min: i64,
    pub max: i64,
    pub cache: i64,
    pub cycle: bool,
}

#[derive(Debug, Deserialize)]
pub struct Sequence {
    pub id: u32,
    pub schema: Option<String>,
    pub name: String,
    pub numbers: SequenceNumbers,
    pub owner_schema: Option<String>,
    pub owner_table: Option<String>,
    pub owner_column: Option<String>,
    pub unlogged: bool,
    pub comment: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Table {
    pub id: u32,
    pub schema: Option<String>,
    pub name: String,
    pub comment: Option<String>,
    pub unlogged: bool,
    pub storage: Option<Vec<String>>,
    pub toast_storage: Option<Vec<String>>,
    pub access_method: Option<String>,
    pub tablespace: Option<String>,
    pub row_security: bool,
    pub force_row_security: bool,
    pub replica_identity: Option<String>,
    pub partition_by: Option<String>,
    /// Of which rows it is a partition.
    pub bound: Option<String>,
    /// What it is a partition of or inherits from: namespace and name.
    #[serde(deserialize_with = "or_default")]
    pub parents: Vec<(Option<String>, String)>,
    /// Where its rows are, of a foreign table.
    pub server: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub foreign_options: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub unmodelled: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Column {
    pub table: u32,
    pub number: i32,
    pub name: String,
    #[serde(rename = "type")]
    pub ty: String,
    pub required: bool,
    /// `s` stored, `v` virtual.
    pub generated: Option<String>,
    /// `a` always, `d` by default.
    pub identity: Option<String>,
    pub expression: Option<String>,
    pub collation: Option<String>,
    /// The sequence of an identity column.
    pub sequence: Option<u32>,
    /// Of an identity column; `None` too where its sequence cannot be seen.
    pub numbers: Option<SequenceNumbers>,
    pub comment: Option<String>,
    pub statistics: Option<i64>,
    pub storage: Option<String>,
    pub compression: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub settings: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub foreign_options: Vec<String>,
}

/// A domain.
#[derive(Debug, Deserialize)]
pub struct Domain {
    pub id: u32,
    pub schema: Option<String>,
    pub name: String,
    #[serde(rename = "type")]
    pub ty: String,
    pub collation: Option<String>,
    pub default: Option<String>,
    pub required: bool,
    pub checks: Vec<DomainCheck>,
    pub comment: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct DomainCheck {
    pub name: String,
    pub expression: String,
    pub not_valid: bool,
    pub comment: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Composite {
    pub id: u32,
    pub relation: u32,
    pub schema: Option<String>,
    pub name: String,
    pub attributes: Vec<Attribute>,
    pub comment: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Attribute {
    pub name: String,
    #[serde(rename = "type")]
    pub ty: String,
    pub collation: Option<String>,
    pub comment: Option<String>,
}

/// An object that is told by its definition. What a kind does not have its query leaves out.
#[derive(Debug, Deserialize)]
pub struct Object {
    pub id: u32,
    pub kind: String,
    pub schema: Option<String>,
    pub name: String,
    pub table_schema: Option<String>,
    pub table: Option<String>,
    pub arguments: Option<String>,
    pub types: Option<String>,
    pub definition: String,
    #[serde(default, deserialize_with = "or_default")]
    pub options: Vec<String>,
    pub enabled: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub is_constraint: bool,
    pub comment: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub column_comments: IndexMap<String, String>,
    pub owner: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub shape: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub unmodelled: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct DefaultPrivileges {
    pub role: String,
    pub schema: Option<String>,
    pub object: String,
    pub grants: Grants,
    #[serde(default, deserialize_with = "or_default")]
    pub unmodelled: Vec<String>,
}

/// The privileges of one object.
#[derive(Debug, Deserialize)]
pub struct Granted {
    pub catalog: String,
    pub id: u32,
    pub grants: Grants,
    #[serde(default, deserialize_with = "or_default")]
    pub unmodelled: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Owner {
    pub catalog: String,
    pub id: u32,
    pub owner: String,
}

/// One thing stands on another.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    pub class: String,
    pub id: u32,
    pub sub: i32,
    pub on_class: String,
    pub on_id: u32,
    pub on_sub: i32,
}

#[derive(Debug, Deserialize)]
pub struct Constraint {
    pub id: u32,
    pub table: u32,
    pub name: String,
    /// `p`, `u`, `c`, `f` or `x`.
    pub kind: String,
    pub index: Option<u32>,
    pub columns: Vec<String>,
    pub target_schema: Option<String>,
    pub target_table: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub target_columns: Vec<String>,
    pub on_update: String,
    pub on_delete: String,
    #[serde(deserialize_with = "or_default")]
    pub on_delete_columns: Vec<String>,
    pub match_full: bool,
    pub deferrable: bool,
    pub deferred: bool,
    pub no_inherit: bool,
    pub not_valid: bool,
    pub expression: Option<String>,
    pub operators: Option<Vec<String>>,
    pub comment: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub unmodelled: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Index {
    pub id: u32,
    pub table: u32,
    pub name: String,
    pub of_constraint: bool,
    pub unique: bool,
    pub method: String,
    pub parts: Vec<Part>,
    pub clustered: bool,
    pub predicate: Option<String>,
    pub nulls_not_distinct: bool,
    pub storage: Option<Vec<String>>,
    pub tablespace: Option<String>,
    pub comment: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub unmodelled: Vec<String>,
}

/// A key of an index, or a column that it only includes (which has no order).
#[derive(Debug, Clone, Deserialize)]
pub struct Part {
    pub column: Option<String>,
    pub expression: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub included: bool,
    #[serde(deserialize_with = "or_default")]
    pub descending: bool,
    #[serde(deserialize_with = "or_default")]
    pub nulls_first: bool,
    pub collation: Option<String>,
    pub opclass: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Unmodelled {
    pub kind: String,
    pub name: String,
    pub schema: Option<String>,
    pub table: Option<String>,
    pub column: Option<String>,
}

/// NULL stands for an empty list and for false, which is most of what the server would have to write out.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(value: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(value)?.unwrap_or_default())
}

/// A name from its two parts.
pub fn name(schema: Option<String>, name: String) -> Name {
    Name { schema, name }
}
