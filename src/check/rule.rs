//! What a rule is, and how it says what it found.

use std::ops::Range;

use super::finding::Level;
use super::fix::Fix;
use super::scene::Scene;
use crate::dialect::Kind;
use crate::model::Name;

pub const ALL: &[Kind] = &[Kind::Sqlite, Kind::Postgres, Kind::Mysql];
pub const POSTGRES: &[Kind] = &[Kind::Postgres];
pub const MYSQL: &[Kind] = &[Kind::Mysql];
pub const SQLITE: &[Kind] = &[Kind::Sqlite];
/// The engines on which a change of a table that is in use can keep others waiting.
pub const SERVERS: &[Kind] = &[Kind::Postgres, Kind::Mysql];

/// A rule about statements. One file holds all of it.
pub struct Rule {
    /// Words in lower case with hyphens. It never changes.
    pub code: &'static str,
    pub level: Level,
    pub engines: &'static [Kind],
    /// What it finds, in one line without a full stop.
    pub summary: &'static str,
    /// Why that is a problem: what the server does, in sentences. Markdown.
    pub why: &'static str,
    /// What to write instead. Markdown.
    pub instead: &'static str,
    /// Where the manuals say so.
    pub sources: &'static [&'static str],
    /// What other tools call it: `squawk ban-drop-table`.
    pub known_as: &'static [&'static str],
    /// True where a table with few rows makes it a note.
    pub is_about_size: bool,
    /// True where down scripts are judged too.
    pub judges_down: bool,
    /// Asked for each statement.
    pub judge: fn(&Scene<'_>, &mut Found<'_>),
    /// Scripts in which it must find something.
    pub examples: &'static [Example],
    /// Scripts in which it must find nothing.
    pub counter_examples: &'static [Example],
}

/// A script for an engine, what was there before it, and what the engine makes of it.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    pub kind: Kind,
    pub flavor: Flavor,
    /// Statements of revisions before: what the rule can know, and what the server needs to run the script.
    pub before: &'static str,
    pub script: &'static str,
    pub seen: Seen,
    /// Where a later server does otherwise: the first version that does, as `Session::server_version` numbers it. There it is not run.
    pub below: Option<u32>,
    /// The version of the server that it is about, where it is about one: as `Session::server_version` numbers it.
    pub version: Option<u32>,
}

/// Which of the servers that speak MySQL's SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    Any,
    Mysql,
    Mariadb,
}

/// What a test sees when it runs an example on the real engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It runs; what the rule says of it is in the manual.
    Runs,
    /// The server refuses it, with these words among its own.
    Fails(&'static str),
    /// PostgreSQL: the last statement holds this lock on the table until the transaction ends: `AccessExclusiveLock`.
    Locks(&'static str, &'static str),
    /// PostgreSQL: the table gets another file: every row was written anew.
    Rewrites(&'static str),
    /// MySQL, MariaDB: the server does not take the last statement with this clause added: `ALGORITHM=INPLACE`, `LOCK=NONE`.
    Refuses(&'static str),
    /// The query gives this afterwards: columns parted by `|`, rows by line ends.
    Shows(&'static str, &'static str),
    /// Not run: the server that would show it is not among those of the tests.
    Manual,
}

impl Example {
    const fn new(kind: Kind, before: &'static str, script: &'static str) -> Self {
        Self { kind, flavor: Flavor::Any, before, script, seen: Seen::Runs, below: None, version: None }
    }

    pub const fn sqlite(before: &'static str, script: &'static str) -> Self {
        Self::new(Kind::Sqlite, before, script)
    }

    pub const fn postgres(before: &'static str, script: &'static str) -> Self {
        Self::new(Kind::Postgres, before, script)
    }

    /// On MySQL and MariaDB.
    pub const fn mysql(before: &'static str, script: &'static str) -> Self {
        Self::new(Kind::Mysql, before, script)
    }

    #[must_use]
    pub const fn only(self, flavor: Flavor) -> Self {
        Self { flavor, ..self }
    }

    #[must_use]
    pub const fn below(self, version: u32) -> Self {
        Self { below: Some(version), ..self }
    }

    #[must_use]
    pub const fn on_version(self, version: u32) -> Self {
        Self { version: Some(version), ..self }
    }

    #[must_use]
    pub const fn seen(self, seen: Seen) -> Self {
        Self { seen, ..self }
    }
}

/// What a rule found in a statement.
pub struct Found<'a> {
    offset: usize,
    pub(super) drafts: Vec<Draft>,
    instead: &'a str,
}

/// A finding before its level is known.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Bytes of the script.
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
    pub(super) about: Option<Name>,
    /// Not more than this.
    pub(super) at_most: Option<Level>,
    pub(super) fix: Option<Fix>,
}

impl<'a> Found<'a> {
    pub(super) fn new(scene: &Scene<'_>, rule: &'a Rule) -> Self {
        Self { offset: scene.statement().offset, drafts: Vec::new(), instead: rule.instead }
    }

    /// Something at these bytes of the statement. What to write instead is the rule's unless `help` says it better.
    pub fn add(&mut self, span: &Range<usize>, message: impl Into<String>) -> &mut Draft {
        let span = span.start + self.offset..span.end + self.offset;
        let draft = Draft { span, message: message.into(), help: self.instead.to_owned(), about: None, at_most: None, fix: None };
        self.drafts.push(draft);
        self.drafts.last_mut().expect("one was just added")
    }
}

impl Draft {
    /// What to write instead here.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = help.into();
        self
    }

    /// The table whose size decides how much it matters.
    pub fn about(&mut self, table: &Name) -> &mut Self {
        self.about = Some(table.clone());
        self
    }

    /// It matters no more than this here, whatever the level of the rule.
    pub fn at_most(&mut self, level: Level) -> &mut Self {
        self.at_most = Some(level);
        self
    }

    /// A change of the script that does what `help` says.
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        self.fix = Some(fix);
        self
    }
}
