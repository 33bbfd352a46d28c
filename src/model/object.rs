//! What is neither a table nor a part of one: types, sequences, and the objects that are told by the text of their definition.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use indexmap::IndexMap;

use super::column::SequenceOptions;
use super::constraint::Check;
use super::name::Name;
use super::table::Index;
use super::text::{Hint, Text};

/// Who may do what: a role (or `PUBLIC`) and its privileges as GRANT writes them, `SELECT (id)` and `UPDATE WITH GRANT OPTION` included.
///
/// The owner's own privileges are left out, and so is what PUBLIC may do by default; `PUBLIC` with nothing says that this was taken away.
pub type Grants = BTreeMap<String, BTreeSet<String>>;

/// A namespace (PostgreSQL's schema) besides the default one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Namespace {
    pub comment: Option<String>,
    pub grants: Grants,
}

/// An enumeration. PostgreSQL: a type. SQLite: a CHECK on each column that has it, so none is ever introspected there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumType {
    pub values: Vec<String>,
    pub comment: Option<String>,
    pub grants: Grants,
    pub renamed_from: Hint<Option<String>>,
}

/// A type of PostgreSQL that is another one with conditions.
#[derive(Debug, Clone, PartialEq)]
pub struct Domain {
    pub ty: Text,
    pub collation: Option<String>,
    pub default: Option<Text>,
    pub nullable: bool,
    pub checks: IndexMap<String, Check>,
    pub comment: Option<String>,
    pub grants: Grants,
    pub renamed_from: Hint<Option<String>>,
}

/// A composite type of PostgreSQL that stands on its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    pub attributes: IndexMap<String, Attribute>,
    pub comment: Option<String>,
    pub grants: Grants,
    pub renamed_from: Hint<Option<String>>,
}

/// One attribute of a composite type.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    pub ty: Text,
    pub collation: Option<String>,
    pub comment: Option<String>,
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
    pub grants: Grants,
    pub renamed_from: Hint<Option<String>>,
}

/// The kinds of objects that are told by a text. An engine has some of them; a new one is a variant here, a section of schema.toml, and
/// what its engine says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectKind {
    RangeType,
    Collation,
    Function,
    Procedure,
    Aggregate,
    Operator,
    Cast,
    TextSearchDictionary,
    TextSearchConfiguration,
    ForeignDataWrapper,
    ForeignServer,
    VirtualTable,
    View,
    MaterializedView,
    Statistics,
    Trigger,
    Rule,
    Policy,
    EventTrigger,
    Publication,
    /// MySQL: what runs at given times.
    Event,
    /// What is granted on objects that are yet to be made.
    DefaultPrivileges,
}

/// What tells an object from all others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    pub kind: ObjectKind,
    pub name: Name,
    pub of: Of,
}

/// What belongs to an object's identity besides its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Of {
    Nothing,
    /// The table or view of a trigger, rule or policy.
    Table(Name),
    /// The types of a routine's or operator's arguments: its name may stand for several.
    Arguments(String),
    /// The role whose new objects default privileges are about.
    Role(String),
}

/// An object that is told by the text of its definition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object {
    /// All that stands behind the name (and arguments) in CREATE; of a view its query.
    pub definition: Text,
    /// The arguments of a routine as they stand between the parentheses, names and defaults included.
    pub arguments: Option<Text>,
    /// The column names in parentheses behind a view's name; empty where the query names them.
    pub columns: Vec<String>,
    /// WITH (...) of a view; the mappings of a text search configuration; a statistics object's target. MySQL: a view's ALGORITHM and
    /// SQL SECURITY, whom a trigger FOLLOWS, a DEFINER other than the user.
    pub options: IndexMap<String, String>,
    /// Of a materialized view.
    pub indexes: IndexMap<String, Index>,
    pub enabled: Enabled,
    /// A constraint trigger.
    pub is_constraint: bool,
    pub comment: Option<String>,
    pub column_comments: IndexMap<String, String>,
    pub grants: Grants,
    pub hints: Hint<ObjectHints>,
}

/// When a trigger or rule fires: <https://www.postgresql.org/docs/current/sql-altertable.html> (ENABLE TRIGGER).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Enabled {
    #[default]
    Yes,
    No,
    Replica,
    Always,
}

/// What is known of an object and never compared.
#[derive(Debug, Clone, Default)]
pub struct ObjectHints {
    pub renamed_from: Option<String>,
    /// What schema.toml says it stands on, where no server can tell.
    pub depends_on: Vec<String>,
    /// What it cannot change without being made anew, in the server's words: a view's columns, a routine's result and arguments.
    pub shape: Vec<String>,
    /// What its definition does not say; it is never made anew then.
    pub unmodelled: Vec<String>,
}

/// What the user says for an object that the language has no word for: statements that make it, and that take it away. It is compared by its
/// text alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    pub up: String,
    pub down: String,
    pub depends_on: Hint<Vec<String>>,
}

/// Something the language has no word for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmodelled {
    /// The server's word for it: `operator class`, `conversion`, `foreign table`, ...
    pub kind: String,
    pub name: String,
    /// The tables, or `(table, column)` pairs, that it stands on: dropping or retyping one of them would break it.
    pub stands_on: Vec<(Name, Option<String>)>,
}

impl ObjectKind {
    /// The word for it in messages and comments.
    pub fn word(self) -> &'static str {
        match self {
            ObjectKind::RangeType => "range type",
            ObjectKind::Collation => "collation",
            ObjectKind::Function => "function",
            ObjectKind::Procedure => "procedure",
            ObjectKind::Aggregate => "aggregate",
            ObjectKind::Operator => "operator",
            ObjectKind::Cast => "cast",
            ObjectKind::TextSearchDictionary => "text search dictionary",
            ObjectKind::TextSearchConfiguration => "text search configuration",
            ObjectKind::ForeignDataWrapper => "foreign-data wrapper",
            ObjectKind::ForeignServer => "foreign server",
            ObjectKind::VirtualTable => "virtual table",
            ObjectKind::View => "view",
            ObjectKind::MaterializedView => "materialized view",
            ObjectKind::Statistics => "statistics object",
            ObjectKind::Trigger => "trigger",
            ObjectKind::Rule => "rule",
            ObjectKind::Policy => "policy",
            ObjectKind::EventTrigger => "event trigger",
            ObjectKind::Publication => "publication",
            ObjectKind::Event => "event",
            ObjectKind::DefaultPrivileges => "default privileges",
        }
    }

    /// The section of schema.toml that holds such objects.
    pub fn section(self) -> &'static str {
        match self {
            ObjectKind::RangeType => "range_types",
            ObjectKind::Collation => "collations",
            ObjectKind::Function => "functions",
            ObjectKind::Procedure => "procedures",
            ObjectKind::Aggregate => "aggregates",
            ObjectKind::Operator => "operators",
            ObjectKind::Cast => "casts",
            ObjectKind::TextSearchDictionary => "text_search_dictionaries",
            ObjectKind::TextSearchConfiguration => "text_search_configurations",
            ObjectKind::ForeignDataWrapper => "foreign_data_wrappers",
            ObjectKind::ForeignServer => "foreign_servers",
            ObjectKind::VirtualTable => "virtual_tables",
            ObjectKind::View => "views",
            ObjectKind::MaterializedView => "materialized_views",
            ObjectKind::Statistics => "statistics",
            ObjectKind::Trigger => "triggers",
            ObjectKind::Rule => "rules",
            ObjectKind::Policy => "policies",
            ObjectKind::EventTrigger => "event_triggers",
            ObjectKind::Publication => "publications",
            ObjectKind::Event => "events",
            ObjectKind::DefaultPrivileges => "default_privileges",
        }
    }

    /// The word for several of it.
    pub fn plural(self) -> String {
        match self {
            ObjectKind::Policy => "policies".to_owned(),
            ObjectKind::TextSearchDictionary => "text search dictionaries".to_owned(),
            ObjectKind::DefaultPrivileges => "default privileges".to_owned(),
            _ => format!("{}s", self.word()),
        }
    }

    /// True for what shares its name with tables: there is one space of names for all of them.
    pub fn is_relation(self) -> bool {
        matches!(self, ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::VirtualTable)
    }

    /// True for what goes with the table or view that it belongs to.
    pub fn belongs_to_table(self) -> bool {
        matches!(self, ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy)
    }
}

impl ObjectId {
    pub fn new(kind: ObjectKind, name: Name) -> Self {
        Self { kind, name, of: Of::Nothing }
    }

    pub fn view(name: Name) -> Self {
        Self::new(ObjectKind::View, name)
    }

    /// A trigger, rule or policy of `table`, named `name`.
    pub fn on(kind: ObjectKind, table: &Name, name: impl Into<String>) -> Self {
        Self { kind, name: table.sibling(name), of: Of::Table(table.clone()) }
    }

    /// The table or view it belongs to.
    pub fn table(&self) -> Option<&Name> {
        match &self.of {
            Of::Table(table) => Some(table),
            Of::Nothing | Of::Arguments(_) | Of::Role(_) => None,
        }
    }

    /// The name with what belongs to it: `add(integer, integer)`, `touch on todos`.
    pub fn full_name(&self) -> String {
        match &self.of {
            Of::Nothing => self.name.to_string(),
            Of::Table(table) => format!("{} on {table}", self.name.name),
            Of::Arguments(types) => format!("{}({types})", self.name),
            Of::Role(role) => format!("of {role} on {}", self.name.name),
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.full_name())
    }
}

impl Object {
    /// An object of nothing but its definition.
    pub fn new(definition: impl Into<String>) -> Self {
        Self { definition: Text::new(definition), ..Self::default() }
    }
}

impl fmt::Display for Unmodelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}
