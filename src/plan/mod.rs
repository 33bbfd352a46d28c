//! Changes into ordered statements: the parts of planning that all engines share.

mod fixup;
mod mention;
pub mod order;

pub use fixup::{Fixups, Missing, fixups};
pub use mention::{mentions, words};

use std::fmt;

/// What a difference becomes: what to look at first, and the steps in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Queries over the schema as it is before the first step; rows that they return stand in the way.
    pub looks: Vec<Look>,
    /// What a reader has to know before running the file: data that cannot come back, values that may be rounded.
    pub notes: Vec<String>,
    /// What takes long or keeps others waiting on a large table.
    pub slow: Vec<Slow>,
    /// Statements before the transaction, such as SQLite's pragmas.
    pub prologue: Vec<String>,
    pub steps: Vec<Step>,
}

/// A named group of statements.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub title: String,
    pub statements: Vec<Statement>,
    /// True where the statements cannot run in the revision's transaction, or must be committed before the next step.
    pub alone: bool,
    /// True where an application of before the revision would notice: such a step stands in a transaction of its own.
    pub contract: bool,
}

/// One statement without its `;`.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub sql: String,
    pub backfill: Option<BackfillOf>,
}

/// What the runner has to know to run a statement that fills rows in batches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackfillOf {
    /// The table's name as SQL spells it.
    pub table: String,
    /// The columns of its key; none where it has no primary key.
    pub key: Vec<String>,
    pub batch: Option<u64>,
    /// Returns the rows that are still to do.
    pub verify: Option<String>,
}

/// A question that is asked before anything is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// What the rows would contradict: `todos.completed is required`.
    pub message: String,
    /// Returns the rows that stand in the way; it may refer to the schema before the revision only.
    pub query: String,
    /// True where the statements would not stop at such rows but change them silently: then the file asserts it for whoever runs it by hand.
    pub silent: bool,
}

/// Something that takes time or keeps others waiting where the table is large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slow {
    /// The table's name as SQL spells it.
    pub table: String,
    /// What happens, and who has to wait meanwhile.
    pub what: String,
}

/// Whether a plan leads on or back. The way back has no schema.toml to take fix-ups from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// How the statements of a plan are to be, where there is a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// True where an application goes on using the tables that are there; false for as few transactions as can be.
    pub online: bool,
    /// The version for which the files are written, as the engine numbers it (PostgreSQL 150004, SQLite 3051003).
    pub server_version: u32,
}

/// A change that this engine, or dbtool, will not make; with the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub message: String,
    pub help: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// The title of the step that makes a raw object. By it the object is found again: no server knows what it is.
pub fn raw_up_title(name: &str) -> String {
    format!("raw {name}")
}

/// The title of the step that takes a raw object away.
pub fn raw_down_title(name: &str) -> String {
    format!("without raw {name}")
}

/// A raw object's name, and the step that is about it.
pub type RawStep = (String, Step);

/// The steps that make and take away raw objects: those that go, and those that come, each by its name.
pub fn raw_steps(changes: &crate::diff::Changes, split: impl Fn(&str) -> Vec<String>) -> (Vec<RawStep>, Vec<RawStep>) {
    use crate::diff::Edit;
    let gone = changes.raws.iter().filter_map(|(name, edit)| match edit {
        Edit::Drop(raw) | Edit::Alter { from: raw, .. } => Some((name.clone(), Step::of(raw_down_title(name), split(&raw.down)))),
        Edit::Create(_) => None,
    });
    let new = changes.raws.iter().filter_map(|(name, edit)| match edit {
        Edit::Create(raw) | Edit::Alter { to: raw, .. } => Some((name.clone(), Step::of(raw_up_title(name), split(&raw.up)))),
        Edit::Drop(_) => None,
    });
    (gone.collect(), new.collect())
}

/// The statements of a text, without their semicolons.
pub fn statements_of(text: &str, dialect: &dyn crate::dialect::Dialect) -> Vec<String> {
    let pieces = dialect.split(text);
    pieces.iter().map(|piece| piece.statement().trim_end_matches(';').trim().to_owned()).filter(|statement| !statement.is_empty()).collect()
}

impl Statement {
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), backfill: None }
    }

    /// A statement that changes the rows of one table.
    pub fn backfill(sql: impl Into<String>, of: BackfillOf) -> Self {
        Self { sql: sql.into(), backfill: Some(of) }
    }
}

impl Step {
    /// A step inside the revision's transaction.
    pub fn new(title: impl Into<String>, statements: Vec<Statement>) -> Self {
        Self { title: title.into(), statements, alone: false, contract: false }
    }

    /// Steps of one phase that follow each other may share a transaction.
    pub fn phase(&self) -> (bool, bool) {
        (self.alone, self.contract)
    }

    /// True where the step is nothing but a backfill, which can run in batches of its own.
    pub fn fills(&self) -> bool {
        !self.statements.is_empty() && self.statements.iter().all(|statement| statement.backfill.is_some())
    }

    /// The same step outside any transaction of the revision.
    pub fn alone(self) -> Self {
        Self { alone: true, ..self }
    }

    /// A step of one or more plain statements.
    pub fn of<S: Into<String>>(title: impl Into<String>, statements: impl IntoIterator<Item = S>) -> Self {
        Self::new(title, statements.into_iter().map(|sql| Statement::new(sql)).collect())
    }
}

impl Plan {
    /// All statements in their order, prologue first, for a database that holds nothing worth a transaction.
    pub fn statements(&self) -> impl Iterator<Item = &str> {
        let prologue = self.prologue.iter().map(String::as_str);
        prologue.chain(self.steps.iter().flat_map(|step| step.statements.iter().map(|statement| statement.sql.as_str())))
    }
}
