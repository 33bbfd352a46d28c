//! Reads a statement for the rules: what it does to which table.
//!
//! It is no judge of SQL: whether a statement is right the server says when the revisions are replayed. What is read is the head of each
//! part and what rules ask for; expressions and bodies pass as text. A statement or a part that begins with nothing known is [`Unread`],
//! and `check` says so. Why no library reads it: ARCHITECTURE.md.

mod action;
mod alter;
mod column;
mod constraint;
mod create;
mod cursor;
mod other;

use std::ops::Range;

pub use action::{Act, Action, ColumnDef, Constraint, ConstraintKind, ConstraintWord, Dml, Generated, IndexDef, Reference, TableDef};
pub use cursor::Cursor;

use crate::dialect::Kind;

/// What MySQL's statements say of how they are to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clauses {
    /// In upper case.
    pub algorithm: Option<String>,
    pub lock: Option<String>,
}

/// A part of a statement that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Bytes of the statement.
    pub span: Range<usize>,
    pub why: &'static str,
}

impl Unread {
    fn new(span: Range<usize>, why: &'static str) -> Self {
        Self { span, why }
    }
}

/// A statement as rules see it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    pub acts: Vec<Act>,
    pub clauses: Clauses,
    pub unread: Option<Unread>,
}

/// Reads one statement, without its `;`.
pub fn read(kind: Kind, sql: &str) -> Reading {
    let mut reading = Reading::default();
    let mut cursor = Cursor::new(kind, sql);
    let span = cursor.span();
    // MySQL's conditional comment is a statement that some servers run.
    if cursor.is_done() {
        return reading;
    }
    if let Err(unread) = statement(&mut cursor, &mut reading) {
        reading.unread = Some(Unread { span: if unread.span.is_empty() { span } else { unread.span }, ..unread });
    }
    reading
}

fn statement(cursor: &mut Cursor<'_>, reading: &mut Reading) -> Result<(), Unread> {
    let span = cursor.span();
    let unread = || Unread::new(span.clone(), "this statement cannot be read");
    let actions = if cursor.eat(&["ALTER"]) {
        let _ = cursor.eat_one(&["ONLINE", "OFFLINE"]);
        cursor.eat(&["IGNORE"]);
        let foreign = cursor.eat(&["FOREIGN"]);
        if cursor.eat(&["TABLE"]) {
            return alter::alter_table(cursor, &mut reading.acts, &mut reading.clauses);
        }
        if foreign { Some(vec![Action::Other { what: "ALTER FOREIGN".to_owned() }]) } else { other::alter(cursor).map(|action| vec![action]) }
    } else if cursor.eat(&["CREATE"]) {
        let read = create::create(cursor).map(|action| vec![action]);
        index_clauses(cursor.sql, cursor.kind, reading);
        read
    } else if cursor.eat(&["DROP"]) {
        let read = other::drop(cursor);
        index_clauses(cursor.sql, cursor.kind, reading);
        read
    } else {
        other::other(cursor)
    };
    let actions = actions.ok_or_else(unread)?;
    reading.acts.extend(actions.into_iter().map(|action| Act { action, span: span.clone() }));
    Ok(())
}

/// ALGORITHM and LOCK behind CREATE INDEX and DROP INDEX.
fn index_clauses(sql: &str, kind: Kind, reading: &mut Reading) {
    if kind != Kind::Mysql {
        return;
    }
    let mut cursor = Cursor::new(kind, sql);
    for _ in 0..4 {
        cursor.until(&["ALGORITHM", "LOCK"]);
        let Some(word) = cursor.eat_one(&["ALGORITHM", "LOCK"]) else { return };
        cursor.eat(&["="]);
        let value = cursor.word();
        if word == "ALGORITHM" { reading.clauses.algorithm = value } else { reading.clauses.lock = value }
    }
}
