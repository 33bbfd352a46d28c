//! Everything that is neither CREATE, ALTER nor DROP, by its first word.

use super::action::Action;
use super::cursor::Cursor;
use super::dml::{delete, insert, merge, update, with};
use super::select::select;
use super::set::{reset, set};
use crate::dialect::Kind;
use crate::source::LexemeKind;

/// Statements that no rule has a question about, by their first word.
const HARMLESS: &[&str] = &[
    "COMMENT",
    "ANALYZE",
    "ANALYSE",
    "EXPLAIN",
    "SHOW",
    "DESCRIBE",
    "DESC",
    "USE",
    "NOTIFY",
    "LISTEN",
    "UNLISTEN",
    "SAVEPOINT",
    "RELEASE",
    "CHECKPOINT",
    "DISCARD",
    "LOAD",
    "SECURITY",
    "REASSIGN",
    "COPY",
    "VALUES",
    "TABLE",
    "UNLOCK",
    "FLUSH",
    "KILL",
    "ATTACH",
    "DETACH",
    "DEALLOCATE",
    "CLOSE",
    "FETCH",
    "MOVE",
    "DECLARE",
    "START",
    "STOP",
    "REFRESH",
    "HANDLER",
    "CHECKSUM",
    "REPAIR",
    "INSTALL",
    "UNINSTALL",
    "PREPARE",
    "CHECK",
    "XA",
    "DELIMITER",
    "END",
    "IMPORT",
    "SIGNAL",
    "RESIGNAL",
    "GET",
    "HELP",
    "CHANGE",
    "PURGE",
    "BINLOG",
    "CACHE",
    "BACKUP",
];

/// A statement; the cursor stands before its first word. `None` where that is none that is known.
pub fn other(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    if let Some(mut query) = cursor.brackets() {
        let is_open = query.peek()?.kind == LexemeKind::Open;
        return if is_open || query.sees_one(&["SELECT", "WITH", "VALUES", "TABLE"]) { other(&mut query) } else { None };
    }
    let word = cursor.word()?;
    let one = |action| Some(vec![action]);
    match word.as_str() {
        "SELECT" => Some(select(cursor)),
        "WITH" => with(cursor),
        "UPDATE" => Some(update(cursor)?.into_iter().map(Action::Update).collect()),
        "DELETE" => Some(delete(cursor)?.into_iter().map(Action::Delete).collect()),
        "INSERT" | "REPLACE" => one(insert(cursor)?),
        "MERGE" => one(merge(cursor)?),
        "TRUNCATE" => {
            cursor.step();
            cursor.eat(&["TABLE"]);
            let tables = cursor.names();
            one(Action::Truncate { tables, cascade: cursor.has(&["CASCADE"]) })
        }
        "RENAME" => rename(cursor),
        "REINDEX" => one(reindex(cursor)),
        "VACUUM" | "CLUSTER" | "OPTIMIZE" => Some(rewrite(cursor, &word)),
        "LOCK" => lock(cursor),
        "SET" => {
            cursor.step();
            set(cursor)
        }
        "RESET" => {
            cursor.step();
            one(reset(cursor)?)
        }
        "PRAGMA" => one(pragma(cursor)?),
        "GRANT" | "REVOKE" => one(Action::Authorize { what: word }),
        "DO" | "CALL" | "EXECUTE" => one(Action::Opaque { what: word }),
        _ => transaction(cursor).or_else(|| HARMLESS.contains(&word.as_str()).then_some(Action::Other { what: word })).map(|action| vec![action]),
    }
}

/// What begins or ends a transaction.
fn transaction(cursor: &Cursor<'_>) -> Option<Action> {
    // It is a block of code in MariaDB.
    if cursor.kind == Kind::Mysql && cursor.sees(&["BEGIN", "NOT", "ATOMIC"]) {
        return Some(Action::Opaque { what: "BEGIN NOT ATOMIC".to_owned() });
    }
    if cursor.sees(&["BEGIN"]) || cursor.sees(&["START", "TRANSACTION"]) {
        return Some(Action::Begin);
    }
    // Two-phase commit is about a transaction of before, and ROLLBACK TO goes back to a savepoint.
    let is_other =
        cursor.sees(&["COMMIT", "PREPARED"]) || cursor.sees(&["ROLLBACK", "PREPARED"]) || cursor.sees(&["ROLLBACK"]) && cursor.has(&["TO"]);
    if is_other {
        return Some(Action::Other { what: cursor.word()? });
    }
    if cursor.sees(&["COMMIT"]) || cursor.sees(&["END"]) && cursor.kind != Kind::Mysql {
        return Some(Action::Commit);
    }
    cursor.sees_one(&["ROLLBACK", "ABORT"]).then_some(Action::Rollback)
}

/// RENAME TABLE; MySQL renames users, too.
fn rename(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    cursor.step();
    if cursor.eat(&["USER"]) {
        return Some(vec![Action::Other { what: "RENAME".to_owned() }]);
    }
    cursor.eat_one(&["TABLE", "TABLES"])?;
    cursor.eat(&["IF", "EXISTS"]);
    let read = |part: &mut Cursor<'_>| -> Option<Action> {
        let from = part.name()?;
        part.until(&["TO"]);
        part.eat(&["TO"]).then_some(())?;
        Some(Action::RenameTable { from, to: part.name()? })
    };
    cursor.parts().iter_mut().map(read).collect()
}

/// True where PostgreSQL's list of options in brackets switches this one on.
pub fn switches_on(options: &Cursor<'_>, option: &str) -> bool {
    let is_on = |part: &mut Cursor<'_>| part.eat(&[option]) && !part.sees_one(&["FALSE", "OFF", "0"]);
    options.parts().iter_mut().any(is_on)
}

fn reindex(cursor: &mut Cursor<'_>) -> Action {
    cursor.step();
    let concurrently = cursor.brackets().is_some_and(|options| switches_on(&options, "CONCURRENTLY"));
    let what = cursor.eat_one(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"]);
    let concurrently = cursor.eat(&["CONCURRENTLY"]) || concurrently;
    let name = cursor.name().map(|name| name.to_string()).unwrap_or_default();
    Action::Reindex { what: format!("{} {name}", what.unwrap_or_default()).trim().to_owned(), concurrently }
}

/// VACUUM, CLUSTER and OPTIMIZE TABLE, an action for each table; one without a table where none is named.
fn rewrite(cursor: &mut Cursor<'_>, word: &str) -> Vec<Action> {
    cursor.step();
    let full = cursor.brackets().is_some_and(|options| switches_on(&options, "FULL"));
    let full = cursor.eat(&["FULL"]) || full;
    while cursor.eat_one(&["FREEZE", "VERBOSE", "ANALYZE", "ANALYSE", "LOCAL", "NO_WRITE_TO_BINLOG", "TABLE", "TABLES"]).is_some() {}
    let what = if full { format!("{word} FULL") } else { word.to_owned() };
    // CLUSTER i ON t is the older form of CLUSTER t USING i. What SQLite names is a schema.
    if word == "CLUSTER" && cursor.has(&["ON"]) {
        cursor.until(&["ON"]);
        cursor.step();
    }
    let mut tables = if cursor.kind == Kind::Sqlite { Vec::new() } else { cursor.parts() };
    let named: Vec<Action> =
        tables.iter_mut().filter_map(Cursor::name).map(|table| Action::Rewrite { what: what.clone(), table: Some(table) }).collect();
    if named.is_empty() { vec![Action::Rewrite { what, table: None }] } else { named }
}

fn lock(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    cursor.step();
    if cursor.sees(&["INSTANCE", "FOR"]) {
        return Some(vec![Action::Other { what: "LOCK INSTANCE".to_owned() }]);
    }
    let _ = cursor.eat_one(&["TABLE", "TABLES"]);
    cursor.parts().iter_mut().map(|part| Some(Action::LockTable { table: part.table()? })).collect()
}

fn pragma(cursor: &mut Cursor<'_>) -> Option<Action> {
    cursor.step();
    let name = cursor.name()?.name.to_lowercase();
    let value = if cursor.eat(&["="]) { Some(cursor.rest().to_lowercase()) } else { cursor.brackets().map(|mut value| value.rest().to_lowercase()) };
    Some(Action::Pragma { name, value })
}
