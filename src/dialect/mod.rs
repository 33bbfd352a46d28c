//! The engines. This file holds the only list of them; everything that differs between two engines lives in its folder.

mod batch;
pub mod mysql;
mod only_mysql;
pub mod postgres;
mod scope;
mod session;
pub mod sqlite;

pub use batch::{BatchKey, Batching, TableSize};
pub use scope::Scope;
pub use session::{Access, Row, Session};

use crate::diff::Changes;
use crate::model::{Name, Schema, Table};
use crate::plan::{Direction, Look, Plan, Refusal, Statement, Style};
use crate::source::{Lexeme, Piece};

/// The engines dbtool speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Sqlite,
    Postgres,
    /// MySQL and MariaDB: which of the two is asked of the server.
    Mysql,
}

impl Kind {
    /// The rules of this engine's SQL.
    pub fn dialect(self) -> &'static dyn Dialect {
        match self {
            Kind::Sqlite => &sqlite::Sqlite,
            Kind::Postgres => &postgres::Postgres,
            Kind::Mysql => &mysql::Mysql,
        }
    }
}

/// What a planner has to know besides the changes: the schemas on both sides, in the names that hold after the renames.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub from: &'a Schema,
    pub to: &'a Schema,
    pub direction: Direction,
    pub style: Style,
}

/// What a change of type means for the values that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeChange {
    /// Every value fits and stays what it was.
    Fits,
    /// A value may not fit, and the server says so rather than change it. `predicate` holds for such rows, `{}` being the column.
    Checked { predicate: String, using: Option<String> },
    /// A value may be rounded, cut or not convertible: somebody has to say how.
    NeedsUsing,
}

/// One way to make a change of a table, and what a reader of the file has to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GentleForm {
    pub sql: String,
    /// The table as SQL spells it, and what happens to it, where it is large and in use.
    pub slow: Option<(String, &'static str)>,
}

/// How a statement reaches beyond the database in which it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// It is about the server as a whole, such as a role: it can be left out where the database alone is of interest.
    Server(String),
    /// It is about another database or another file: what it would do there nobody has asked for.
    Elsewhere(String),
}

/// What can be said of an engine's SQL without asking a server: spelling, splitting, and what it cannot hold.
pub trait Dialect: Sync {
    fn kind(&self) -> Kind;

    /// The engine's name as people write it: `SQLite`, `PostgreSQL`.
    fn title(&self) -> &'static str;

    /// `name` as an identifier, in quotes where it needs them.
    fn quote(&self, name: &str) -> String;

    /// A string literal with its quotes.
    fn literal(&self, text: &str) -> String;

    /// A truth value as a literal.
    fn boolean(&self, value: bool) -> &'static str;

    /// The type of this engine for what schema.toml says, portable or native. `strict` is true in a STRICT table of SQLite.
    fn map_type(&self, spelled: &str, strict: bool) -> String;

    /// What schema.toml says for the server's spelling of a type: the inverse of [`Dialect::map_type`] as far as that goes.
    fn spell_type(&self, canonical: &str) -> String;

    /// The integer type behind PostgreSQL's `serial`, `bigserial` and `smallserial`; `None` for every other type and engine.
    fn serial_type(&self, spelled: &str) -> Option<&'static str>;

    /// True where an enumeration is a type of its own; elsewhere it is a CHECK on each column that has it.
    fn has_enum_types(&self) -> bool;

    /// The type of a column that has an enumeration of these values, where the engine has such; `None` elsewhere.
    fn enum_type(&self, _values: &[String]) -> Option<String> {
        None
    }

    /// The statements of a script, without loss: the pieces joined are the script.
    fn split<'a>(&self, sql: &'a str) -> Vec<Piece<'a>>;

    /// A statement with what ends it in a file, as the engine's own client reads it.
    fn terminated(&self, statement: &str) -> String {
        format!("{statement};\n")
    }

    /// The tokens of `sql` without white space, comments included.
    fn lexemes<'a>(&self, sql: &'a str) -> Vec<Lexeme<'a>>;

    /// An expression for the value of `column` as an SQL literal that reads back as that value.
    fn literal_of(&self, column: &str) -> String;

    /// True for a statement the engine refuses to run inside a transaction.
    fn runs_alone(&self, statement: &str) -> bool;

    /// What of `schema` this engine cannot hold: the path of the thing in schema.toml's keys and a sentence that names the way out.
    fn refuse(&self, schema: &Schema) -> Vec<(Vec<String>, String)>;

    /// The statement that begins a transaction of a migration file.
    fn begin(&self) -> &'static str;

    /// How many steps one transaction takes before the server runs out of something; a longer plan goes into several.
    fn steps_in_a_transaction(&self) -> usize;

    /// True where names that differ in nothing but case are the same name.
    fn folds_case(&self) -> bool;

    /// The same of the columns of one table.
    fn folds_case_of_columns(&self) -> bool {
        self.folds_case()
    }

    /// True where a failed or rolled back transaction takes back what it did to the schema.
    fn has_transactional_ddl(&self) -> bool {
        true
    }

    /// A column's value as it is compared under another collation; `None` where that makes no two values the same.
    fn collate(&self, _column: &str, _collation: &str) -> Option<String> {
        None
    }

    /// True for a text that the server takes for one statement. Where scratch is on the user's own server nothing else may run there.
    fn is_one_statement(&self, _sql: &str) -> bool {
        true
    }

    /// What of a statement is not about the database in which it runs; `databases` are the others on the server. `None` where it stays inside.
    fn reaches_outside(&self, statement: &str, databases: &[String]) -> Option<Reach>;

    /// A statement as it is run in scratch, where that must not start what it makes; `None` where there is no difference.
    fn mute(&self, _statement: &str) -> Option<String> {
        None
    }

    /// Brings what was read in scratch into the form that it would have elsewhere.
    fn unmute(&self, _schema: &mut Schema) {}

    /// True where a new required column gets a value of the server's own in rows that have none, and nobody is told.
    fn invents_values(&self) -> bool {
        false
    }

    /// True where several routines may share a name, told apart by their arguments.
    fn overloads_routines(&self) -> bool {
        true
    }

    /// True where building a large schema takes so long that only what differs from the live one is built to be compared.
    fn builds_in_parts(&self) -> bool {
        self.settles()
    }

    /// Brings what is written and what is live closer: says in the declared schema what it leaves to the server, as far as the live one tells,
    /// and takes out of the live one what the server has made by itself, and nobody writes.
    fn level(&self, _declared: &mut Schema, _live: &mut Schema) {}

    /// True for an index that the server makes where it is missing, so that nobody has to say it.
    fn makes_index_itself(&self, _table: &Table, _index: &str) -> bool {
        false
    }

    /// Brings a declared schema into the form in which the engine's own is read, where two things that schema.toml tells apart are one.
    fn settle_declared(&self, _schema: &mut Schema) {}

    /// The same statement in the forms that the server may take, the one that keeps others waiting least first; none where there is no choice.
    fn gentle_forms(&self, _statement: &str) -> Vec<GentleForm> {
        Vec::new()
    }

    /// What becomes of the values of a column when its type changes. Both types in the server's spelling.
    fn type_change(&self, from: &str, to: &str) -> TypeChange;

    /// A condition that holds for rows whose value in `column` would not come back from a cast to another type and back; `None` where the
    /// engine's [`Dialect::type_change`] already tells such rows.
    fn cast_loses(&self, column: &str, from: &str, to: &str) -> Option<String>;

    /// Statements that fail where the look's query returns a row.
    fn assertion(&self, look: &Look) -> Vec<Statement>;

    /// The statements that make the changes, in an order that the server takes.
    ///
    /// # Errors
    /// A refusal where the change cannot be made without losing something; it names the thing and the way out.
    fn plan(&self, changes: &Changes, context: &Context<'_>) -> Result<Plan, Refusal>;

    /// True where the server may spell its own spelling of an expression another way when it reads it again.
    fn settles(&self) -> bool;

    /// A statement for the open transaction after which a routine may be made before what its text mentions.
    fn lenient(&self) -> Option<&'static str> {
        None
    }

    /// Statements that fail where a view or trigger does not compile any more, each with the object's name. None where the server itself
    /// keeps such objects from breaking.
    fn probes(&self, schema: &Schema) -> Vec<(String, String)>;

    /// The name of an object, quoted, with its namespace unless that is the default one.
    fn name(&self, name: &Name) -> String {
        match &name.schema {
            Some(schema) => format!("{}.{}", self.quote(schema), self.quote(&name.name)),
            None => self.quote(&name.name),
        }
    }

    /// Names quoted and joined with commas.
    fn list(&self, names: &[String]) -> String {
        names.iter().map(|name| self.quote(name)).collect::<Vec<_>>().join(", ")
    }

    /// The script of one table and all that belongs to it, for messages and text diffs.
    fn describe(&self, name: &Name, table: &Table) -> String;
}
