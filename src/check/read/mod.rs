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
mod dml;
mod drop;
mod names;
mod other;
mod parts;
mod select;
mod set;
mod table;
mod tokens;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub use action::{Act, Action, ColumnDef, Constraint, ConstraintKind, ConstraintWord, Dml, Generated, IndexDef, Reference, TableDef};
pub use cursor::Cursor;
pub use names::is_temporary;

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
    // Nothing but comments.
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
    let whole = cursor.sees_one(&["CREATE", "DROP"]).then(|| cursor.clone());
    let unread = || Unread::new(span.clone(), "this statement cannot be read");
    if let Some(settings) = settings_for(cursor) {
        let settings = settings.ok_or_else(unread)?;
        reading.acts.extend(settings.into_iter().map(|action| Act { action, span: span.clone() }));
        return statement(&mut cursor.remaining(), reading);
    }
    if runs(cursor) {
        return statement(&mut cursor.remaining(), reading);
    }
    let actions = if cursor.eat(&["ALTER"]) {
        let _ = cursor.eat_one(&["ONLINE", "OFFLINE"]);
        cursor.eat(&["IGNORE"]);
        let foreign = cursor.eat(&["FOREIGN"]);
        if cursor.eat(&["TABLE"]) {
            return alter::alter_table(cursor, &mut reading.acts, &mut reading.clauses);
        }
        if foreign { Some(vec![Action::Other { what: "ALTER FOREIGN".to_owned() }]) } else { drop::alter(cursor).map(|action| vec![action]) }
    } else if cursor.eat(&["CREATE"]) {
        create::create(cursor)
    } else if cursor.eat(&["DROP"]) {
        drop::drop(cursor)
    } else {
        other::other(cursor)
    };
    let actions = actions.ok_or_else(unread)?;
    let is_index = actions.iter().any(|action| matches!(action, Action::CreateIndex(_) | Action::DropIndex { .. }));
    if let Some(whole) = whole.filter(|_| is_index) {
        index_clauses(whole, reading);
    }
    reading.acts.extend(actions.into_iter().map(|action| Act { action, span: span.clone() }));
    Ok(())
}

/// The settings of MariaDB's SET STATEMENT ... FOR, stepped over; the statement that they are for comes next.
fn settings_for(cursor: &mut Cursor<'_>) -> Option<Option<Vec<Action>>> {
    if cursor.kind != Kind::Mysql || !cursor.sees(&["SET", "STATEMENT"]) || !cursor.has(&["FOR"]) {
        return None;
    }
    let mut ahead = cursor.clone();
    ahead.eat(&["SET", "STATEMENT"]);
    let start = ahead.position();
    ahead.until(&["FOR"]);
    let mut list = ahead.between(start, ahead.position());
    ahead.step();
    *cursor = ahead;
    Some(set::assignments(&mut list))
}

/// Steps over EXPLAIN ANALYZE, which runs the statement behind it, and over the same of MariaDB.
fn runs(cursor: &mut Cursor<'_>) -> bool {
    if !cursor.sees_one(&["EXPLAIN", "ANALYZE"]) {
        return false;
    }
    let mut ahead = cursor.clone();
    let is_run = match cursor.kind {
        Kind::Postgres if ahead.eat(&["EXPLAIN"]) => {
            let options = ahead.brackets();
            let is_said = ahead.eat_one(&["ANALYZE", "ANALYSE"]).is_some();
            ahead.eat(&["VERBOSE"]);
            is_said || options.is_some_and(|options| ["ANALYZE", "ANALYSE"].iter().any(|word| other::switches_on(&options, word)))
        }
        Kind::Mysql if ahead.eat(&["ANALYZE"]) => {
            if ahead.eat(&["FORMAT", "="]) {
                ahead.step();
            }
            ahead.sees_one(&["UPDATE", "DELETE", "INSERT", "REPLACE"])
        }
        _ => false,
    };
    if is_run {
        *cursor = ahead;
    }
    is_run
}

/// ALGORITHM and LOCK behind CREATE INDEX and DROP INDEX of MySQL.
fn index_clauses(mut cursor: Cursor<'_>, reading: &mut Reading) {
    if cursor.kind != Kind::Mysql {
        return;
    }
    // What stands before this may have such a name.
    cursor.until(&["ON"]);
    for _ in 0..4 {
        cursor.until(&["ALGORITHM", "LOCK"]);
        let Some(word) = cursor.eat_one(&["ALGORITHM", "LOCK"]) else { return };
        cursor.eat(&["="]);
        let value = cursor.word();
        if word == "ALGORITHM" { reading.clauses.algorithm = value } else { reading.clauses.lock = value }
    }
}
