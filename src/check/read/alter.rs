//! ALTER TABLE, part by part.

use super::action::{Act, Action};
use super::cursor::Cursor;
use super::parts::{add, alter, drop, redefine, rename};
use super::table::option;
use super::{Clauses, Unread};
use crate::dialect::Kind;
use crate::model::Name;

/// All parts of an ALTER TABLE; the cursor stands behind the word TABLE.
pub fn alter_table(cursor: &mut Cursor<'_>, acts: &mut Vec<Act>, clauses: &mut Clauses) -> Result<(), Unread> {
    let whole = cursor.span();
    if cursor.kind == Kind::Postgres && cursor.sees(&["ALL", "IN"]) {
        acts.push(Act { action: Action::Other { what: "ALTER TABLE ALL".to_owned() }, span: whole });
        return Ok(());
    }
    cursor.eat(&["IF", "EXISTS"]);
    let Some(table) = cursor.table() else { return Err(Unread::new(whole, "the table has no name that can be read")) };
    if cursor.eat(&["WAIT"]) {
        cursor.step();
    }
    cursor.eat(&["NOWAIT"]);
    for mut part in parts(cursor) {
        if part.is_done() {
            return Err(Unread::new(whole.clone(), "a part of the statement is missing"));
        }
        let span = part.span();
        if clause(&mut part, clauses) {
            continue;
        }
        let read = action(&mut part, &table).ok_or_else(|| Unread::new(span.clone(), "this part of ALTER TABLE cannot be read"))?;
        acts.extend(read.into_iter().map(|action| Act { action, span: span.clone() }));
    }
    Ok(())
}

/// The parts between commas. What MySQL says of partitions and of the order of rows has commas of its own, and is the last part.
fn parts<'a>(cursor: &mut Cursor<'a>) -> Vec<Cursor<'a>> {
    let mut parts = Vec::new();
    loop {
        let start = cursor.position();
        cursor.until(if is_last(cursor) { &[] } else { &[","] });
        let part = cursor.between(start, cursor.position());
        let (part, partitioning) = split(part);
        parts.push(part);
        parts.extend(partitioning);
        if !cursor.eat(&[","]) {
            return parts;
        }
    }
}

/// True for a list of partitions behind whatever word, and for ORDER BY.
fn is_last(cursor: &Cursor<'_>) -> bool {
    let second = cursor.position() + 1;
    let is_list = cursor.tokens(second, second + 1).iter().any(|token| token.is_word("PARTITION"));
    cursor.kind == Kind::Mysql && (is_list || cursor.sees(&["ORDER", "BY"]) || cursor.sees(&["CONVERT", "TABLE"]))
}

/// MySQL lets PARTITION BY and REMOVE PARTITIONING stand behind a part without a comma.
fn split<'a>(part: Cursor<'a>) -> (Cursor<'a>, Option<Cursor<'a>>) {
    let mut ahead = part.clone();
    // What the part begins with is no end of it.
    ahead.step();
    while !ahead.is_done() && !ahead.sees(&["PARTITION", "BY"]) && !ahead.sees(&["REMOVE", "PARTITIONING"]) {
        ahead.step();
    }
    if part.kind != Kind::Mysql || ahead.is_done() {
        return (part, None);
    }
    (part.between(0, ahead.position()), Some(ahead.remaining()))
}

/// MySQL's ALGORITHM and LOCK.
fn clause(part: &mut Cursor<'_>, clauses: &mut Clauses) -> bool {
    if part.kind != Kind::Mysql {
        return false;
    }
    let Some(word) = part.eat_one(&["ALGORITHM", "LOCK"]) else { return false };
    part.eat(&["="]);
    let value = part.word();
    if word == "ALGORITHM" {
        clauses.algorithm = value
    } else {
        clauses.lock = value
    }
    true
}

fn action(part: &mut Cursor<'_>, table: &Name) -> Option<Vec<Action>> {
    let one = |action: Option<Action>| action.map(|action| vec![action]);
    if part.eat(&["ADD"]) {
        add(part, table)
    } else if part.eat(&["DROP"]) {
        one(drop(part, table))
    } else if part.eat(&["RENAME"]) {
        one(rename(part, table))
    } else if part.eat(&["MODIFY"]) || part.sees(&["CHANGE"]) {
        one(redefine(part, table))
    } else if part.eat(&["ALTER"]) {
        one(alter(part, table))
    } else if part.kind == Kind::Mysql {
        of_mysql(part, table)
    } else {
        one(of_postgres(part, table))
    }
}

fn other(table: &Name, what: &str) -> Action {
    Action::TableOther { table: table.clone(), what: what.to_owned() }
}

/// What PostgreSQL changes of a table besides its columns, constraints and name.
fn of_postgres(part: &mut Cursor<'_>, table: &Name) -> Option<Action> {
    let table = table.clone();
    if part.eat(&["VALIDATE", "CONSTRAINT"]) {
        return Some(Action::ValidateConstraint { table, name: part.ident()? });
    }
    if part.eat(&["ATTACH", "PARTITION"]) {
        return Some(Action::AttachPartition { table, partition: part.name()? });
    }
    if part.eat(&["DETACH", "PARTITION"]) {
        let partition = part.name()?;
        return Some(Action::DetachPartition { table, partition, concurrently: part.sees_one(&["CONCURRENTLY", "FINALIZE"]) });
    }
    if part.eat(&["REPLICA", "IDENTITY"]) {
        return Some(Action::ReplicaIdentity { table });
    }
    if part.eat(&["SET", "SCHEMA"]) {
        return Some(Action::MoveTable { table, schema: part.ident()? });
    }
    if part.sees_one(&["ENABLE", "DISABLE", "FORCE", "NO"]) {
        let is_security = part.has(&["ROW", "LEVEL", "SECURITY"]);
        return Some(if is_security { Action::RowSecurity { table } } else { other(&table, &part.spaced()) });
    }
    let known = ["OWNER", "SET", "RESET", "INHERIT", "CLUSTER", "OF", "NOT", "WITHOUT", "OPTIONS", "MERGE", "SPLIT"];
    part.sees_one(&known).then(|| other(&table, &part.word().unwrap_or_default()))
}

/// The words with which MySQL says something of partitions.
const PARTITIONING: &[&str] = &[
    "TRUNCATE",
    "REORGANIZE",
    "COALESCE",
    "EXCHANGE",
    "ANALYZE",
    "CHECK",
    "OPTIMIZE",
    "REBUILD",
    "REPAIR",
    "REMOVE",
    "PARTITION",
    "DISCARD",
    "IMPORT",
];

/// What MySQL changes of a table besides its columns, constraints, indexes and name.
fn of_mysql(part: &mut Cursor<'_>, table: &Name) -> Option<Vec<Action>> {
    let converts = part.sees(&["CONVERT", "PARTITION"]) || part.sees(&["CONVERT", "TABLE"]);
    if converts || part.sees_one(PARTITIONING) {
        return Some(vec![Action::Partitioning { table: table.clone(), what: part.rest().to_owned() }]);
    }
    if part.eat(&["CONVERT", "TO"]) {
        let _ = part.eat(&["CHARACTER", "SET"]) || part.eat(&["CHARSET"]);
        return Some(vec![Action::ConvertCharset { table: table.clone(), charset: part.advance()?.text.to_owned() }]);
    }
    if part.sees_one(&["ENABLE", "DISABLE"]) {
        return Some(vec![other(table, &part.spaced())]);
    }
    if part.sees(&["ORDER"]) {
        return Some(vec![other(table, "ORDER BY")]);
    }
    if part.sees_one(&["FORCE", "WITH", "WITHOUT"]) {
        return Some(vec![other(table, &part.word()?)]);
    }
    part.word()?;
    options(part, table)
}

/// MySQL takes options of a table with and without commas between them.
fn options(part: &mut Cursor<'_>, table: &Name) -> Option<Vec<Action>> {
    let mut found = Vec::new();
    while !part.is_done() {
        let (key, value) = option(part)?;
        found.push(Action::TableOption { table: table.clone(), key, value });
    }
    Some(found)
}
