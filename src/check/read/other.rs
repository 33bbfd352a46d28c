//! Everything that is neither CREATE nor ALTER TABLE.

use super::action::{Action, Dml};
use super::cursor::Cursor;
use crate::dialect::Kind;
use crate::model::Name;
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
    "RESET",
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
];

/// DROP; the cursor stands behind the word.
pub fn drop(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    let what = cursor.word()?;
    cursor.step();
    let _ = cursor.eat(&["VIEW"]) || cursor.eat(&["TABLE"]);
    let concurrently = cursor.eat(&["CONCURRENTLY"]);
    let if_exists = cursor.eat(&["IF", "EXISTS"]);
    match what.as_str() {
        "TABLE" | "TEMPORARY" => {
            let tables = cursor.names();
            let cascade = cursor.sees(&["CASCADE"]);
            let dropped = tables.into_iter().map(|table| Action::DropTable { table, if_exists, cascade }).collect();
            Some(if what == "TABLE" { dropped } else { vec![Action::Other { what: "DROP TEMPORARY TABLE".to_owned() }] })
        }
        "SCHEMA" | "DATABASE" => Some(cursor.names().into_iter().map(|schema| Action::DropSchema { schema: schema.name }).collect()),
        "SEQUENCE" => Some(cursor.names().into_iter().map(|sequence| Action::DropSequence { sequence }).collect()),
        "INDEX" => {
            let indexes = cursor.names();
            let table = cursor.eat(&["ON"]).then(|| cursor.name()).flatten();
            let dropped = indexes.into_iter().map(|index| Action::DropIndex { table: table.clone(), index, concurrently, if_exists });
            Some(dropped.collect())
        }
        "FUNCTION" | "PROCEDURE" | "ROUTINE" | "AGGREGATE" => Some(vec![Action::DropRoutine { name: cursor.name()? }]),
        "TRIGGER" => {
            let trigger = cursor.name()?.name;
            Some(vec![Action::DropTrigger { trigger, table: cursor.eat(&["ON"]).then(|| cursor.name()).flatten() }])
        }
        "POLICY" => Some(vec![Action::Authorize { what: "DROP POLICY".to_owned() }]),
        _ => Some(vec![Action::Other { what: format!("DROP {what}") }]),
    }
}

/// ALTER of anything but a table; the cursor stands behind the word.
pub fn alter(cursor: &mut Cursor<'_>) -> Option<Action> {
    let what = cursor.word()?;
    cursor.step();
    match what.as_str() {
        "TYPE" => alter_type(cursor),
        "DOMAIN" => {
            let name = cursor.name()?;
            if !cursor.eat(&["ADD"]) {
                return Some(Action::Other { what: "ALTER DOMAIN".to_owned() });
            }
            cursor.until(&["NOT"]);
            Some(Action::AddDomainConstraint { name, not_valid: cursor.sees(&["NOT", "VALID"]) })
        }
        "SCHEMA" => {
            let from = cursor.ident()?;
            if !cursor.eat(&["RENAME", "TO"]) {
                return Some(Action::Other { what: "ALTER SCHEMA".to_owned() });
            }
            Some(Action::RenameSchema { from, to: cursor.ident()? })
        }
        "EXTENSION" => {
            let name = cursor.ident()?;
            Some(if cursor.eat(&["UPDATE"]) { Action::UpdateExtension { name } } else { Action::Other { what: "ALTER EXTENSION".to_owned() } })
        }
        "INDEX" => {
            cursor.eat(&["IF", "EXISTS"]);
            let index = cursor.name()?;
            if !cursor.eat(&["RENAME", "TO"]) {
                return Some(Action::Other { what: "ALTER INDEX".to_owned() });
            }
            Some(Action::RenameIndex { index, to: cursor.ident()? })
        }
        "POLICY" => Some(Action::Authorize { what: "ALTER POLICY".to_owned() }),
        "DEFAULT" if cursor.eat(&["PRIVILEGES"]) => Some(Action::Authorize { what: "ALTER DEFAULT PRIVILEGES".to_owned() }),
        _ => Some(Action::Other { what: format!("ALTER {what}") }),
    }
}

fn alter_type(cursor: &mut Cursor<'_>) -> Option<Action> {
    let name = cursor.name()?;
    if cursor.eat(&["ADD", "VALUE"]) {
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        let value = cursor.advance()?.text.to_owned();
        return Some(Action::AddEnumValue { name, value, is_placed: cursor.sees_one(&["BEFORE", "AFTER"]) });
    }
    if cursor.eat(&["RENAME", "VALUE"]) {
        let from = cursor.advance()?.text.to_owned();
        cursor.eat(&["TO"]);
        return Some(Action::RenameEnumValue { name, from, to: cursor.advance()?.text.to_owned() });
    }
    Some(Action::Other { what: "ALTER TYPE".to_owned() })
}

/// A statement by its first word, where that is none of CREATE, ALTER and DROP.
pub fn other(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    let word = cursor.word()?;
    let one = |action| Some(vec![action]);
    match word.as_str() {
        "TRUNCATE" => {
            cursor.step();
            cursor.eat(&["TABLE"]);
            let tables = cursor.names();
            cursor.until(&["CASCADE"]);
            one(Action::Truncate { tables, cascade: !cursor.is_done() })
        }
        "WITH" => with(cursor),
        "UPDATE" => one(Action::Update(update(cursor)?)),
        "DELETE" => one(Action::Delete(delete(cursor)?)),
        "INSERT" | "REPLACE" => one(insert(cursor)?),
        "MERGE" => {
            cursor.step();
            cursor.eat(&["INTO"]);
            cursor.eat(&["ONLY"]);
            one(Action::Update(Dml { table: cursor.name()?, columns: Vec::new(), filter: None }))
        }
        "RENAME" => rename_tables(cursor),
        "REINDEX" => {
            cursor.step();
            let options = cursor.brackets().map(|mut options| options.rest().to_ascii_uppercase()).unwrap_or_default();
            let what = cursor.eat_one(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"]);
            let concurrently = cursor.eat(&["CONCURRENTLY"]) || options.contains("CONCURRENTLY");
            let name = cursor.name().map(|name| name.to_string()).unwrap_or_default();
            one(Action::Reindex { what: format!("{} {name}", what.unwrap_or_default()).trim().to_owned(), concurrently })
        }
        "VACUUM" | "CLUSTER" | "OPTIMIZE" => one(rewrite(cursor, &word)),
        "LOCK" => {
            cursor.step();
            let _ = cursor.eat_one(&["TABLE", "TABLES"]);
            cursor.eat(&["ONLY"]);
            one(Action::LockTable { table: cursor.name()? })
        }
        "SET" => set(cursor),
        "PRAGMA" => one(pragma(cursor)?),
        "BEGIN" => one(Action::Begin),
        "START" if cursor.sees(&["START", "TRANSACTION"]) => one(Action::Begin),
        // Two-phase commit is about a transaction of before.
        "COMMIT" | "ROLLBACK" if cursor.sees(&["COMMIT", "PREPARED"]) || cursor.sees(&["ROLLBACK", "PREPARED"]) => one(Action::Other { what: word }),
        "COMMIT" => one(Action::Commit),
        "END" if cursor.kind != Kind::Mysql => one(Action::Commit),
        "ROLLBACK" => {
            let savepoint = cursor.rest().split_whitespace().any(|word| word.eq_ignore_ascii_case("to"));
            one(if savepoint { Action::Other { what: word } } else { Action::Rollback })
        }
        "ABORT" => one(Action::Rollback),
        "GRANT" | "REVOKE" => one(Action::Authorize { what: word }),
        "DO" | "CALL" | "EXECUTE" => one(Action::Opaque { what: word }),
        "SELECT" => one(select(cursor)),
        _ if HARMLESS.contains(&word.as_str()) => one(Action::Other { what: word }),
        _ => None,
    }
}

/// The statement behind WITH: the first verb outside brackets.
fn with(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    cursor.step();
    cursor.until(&["SELECT", "UPDATE", "DELETE", "INSERT", "REPLACE", "MERGE"]);
    other(cursor)
}

fn update(cursor: &mut Cursor<'_>) -> Option<Dml> {
    cursor.step();
    if cursor.eat(&["OR"]) {
        cursor.step();
    }
    while cursor.eat_one(&["LOW_PRIORITY", "IGNORE", "ONLY"]).is_some() {}
    let table = cursor.name()?;
    cursor.until(&["SET"]);
    cursor.eat(&["SET"]).then_some(())?;
    let start = cursor.position();
    cursor.until(&["WHERE", "FROM", "RETURNING", "ORDER", "LIMIT"]);
    let mut columns = Vec::new();
    let assignments = cursor.text(start, cursor.position());
    for mut part in Cursor::new(cursor.kind, assignments).parts() {
        if let Some(list) = part.brackets() {
            columns.extend(list.parts().into_iter().filter_map(|mut part| part.ident()));
        } else if let Some(column) = part.name() {
            columns.push(column.name);
        }
    }
    Some(Dml { table, columns, filter: filter(cursor) })
}

fn delete(cursor: &mut Cursor<'_>) -> Option<Dml> {
    cursor.step();
    while cursor.eat_one(&["LOW_PRIORITY", "QUICK", "IGNORE"]).is_some() {}
    cursor.eat(&["FROM"]);
    cursor.eat(&["ONLY"]);
    let mut table = cursor.name()?;
    if cursor.kind == Kind::Mysql {
        table = aliased(cursor.clone(), &table).unwrap_or(table);
    }
    Some(Dml { table, columns: Vec::new(), filter: filter(cursor) })
}

/// MySQL's `DELETE x FROM t AS x ...`: the table that the name stands for.
fn aliased(mut cursor: Cursor<'_>, name: &Name) -> Option<Name> {
    cursor.until(&["FROM", "USING"]);
    cursor.eat_one(&["FROM", "USING"])?;
    while !cursor.is_done() && !cursor.sees(&["WHERE"]) {
        let table = cursor.name();
        cursor.eat(&["AS"]);
        if cursor.clone().ident().as_ref() == Some(&name.name) {
            return table;
        }
        cursor.until(&[",", "JOIN", "WHERE"]);
        let _ = cursor.eat_one(&[",", "JOIN"]);
    }
    None
}

fn filter(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.until(&["WHERE"]);
    cursor.eat(&["WHERE"]).then(|| cursor.until(&["RETURNING", "ORDER", "LIMIT"]).to_owned())
}

fn insert(cursor: &mut Cursor<'_>) -> Option<Action> {
    cursor.step();
    if cursor.eat(&["OR"]) {
        cursor.step();
    }
    while cursor.eat_one(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE"]).is_some() {}
    cursor.eat(&["INTO"]);
    let table = cursor.name()?;
    cursor.until(&["SELECT", "WITH", "VALUES", "VALUE", "SET", "TABLE"]);
    Some(Action::Insert { table, from_query: cursor.sees_one(&["SELECT", "WITH", "TABLE"]) })
}

fn rename_tables(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    cursor.step();
    cursor.eat_one(&["TABLE", "TABLES"])?;
    cursor.eat(&["IF", "EXISTS"]);
    let pairs = cursor.clone();
    let read = |mut part: Cursor<'_>| -> Option<Action> {
        let from = part.name()?;
        part.until(&["TO"]);
        part.eat(&["TO"]).then_some(())?;
        Some(Action::RenameTable { from, to: part.name()? })
    };
    cursor_rest(&pairs).into_iter().map(read).collect()
}

fn cursor_rest<'a>(cursor: &Cursor<'a>) -> Vec<Cursor<'a>> {
    cursor.parts()
}

fn rewrite(cursor: &mut Cursor<'_>, word: &str) -> Action {
    cursor.step();
    let full = cursor.brackets().is_some_and(|mut options| options.rest().to_ascii_uppercase().contains("FULL"));
    let full = cursor.eat(&["FULL"]) || full;
    while cursor.eat_one(&["FREEZE", "VERBOSE", "ANALYZE", "LOCAL", "NO_WRITE_TO_BINLOG", "TABLE", "TABLES"]).is_some() {}
    let what = if full { format!("{word} FULL") } else { word.to_owned() };
    Action::Rewrite { what, table: cursor.name() }
}

/// SET in all its forms. Several variables are several actions.
fn set(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    cursor.step();
    let mut found = Vec::new();
    for mut part in cursor.parts() {
        let mut local = false;
        while let Some(word) = part.eat_one(&["LOCAL", "SESSION", "GLOBAL", "PERSIST"]) {
            local |= word == "LOCAL";
        }
        // `@@session.x` and `@x`: the lexers cut them in ways of their own.
        let start = part.position();
        part.until(&["=", ":=", "TO"]);
        let variable = part.text(start, part.position()).trim_start_matches('@').to_lowercase();
        let variable = variable.rsplit('.').next().unwrap_or_default().trim().to_owned();
        let _ = part.eat_one(&["=", ":=", "TO"]);
        found.push(Action::Set { variable, value: part.rest().to_owned(), local });
    }
    Some(found)
}

fn pragma(cursor: &mut Cursor<'_>) -> Option<Action> {
    cursor.step();
    let name = cursor.name()?.name.to_lowercase();
    let value = if cursor.eat(&["="]) { Some(cursor.rest().to_lowercase()) } else { cursor.brackets().map(|mut value| value.rest().to_lowercase()) };
    Some(Action::Pragma { name, value })
}

/// A SELECT only reads unless it calls something, and that cannot be seen. `set_config` is a SET in other words.
fn select(cursor: &mut Cursor<'_>) -> Action {
    cursor.step();
    let start = cursor.clone();
    let mut called = None;
    while let Some(token) = cursor.advance() {
        let calls = token.kind == LexemeKind::Word && cursor.peek().is_some_and(|next| next.kind == LexemeKind::Open);
        if calls && !KNOWN_FUNCTIONS.contains(&token.text.to_ascii_lowercase().as_str()) {
            called.get_or_insert_with(|| token.text.to_owned());
        }
    }
    let mut inner = start;
    if inner.until(&["INTO"]).is_empty() || inner.eat(&["INTO"]) && inner.kind == Kind::Postgres {
        inner.eat(&["TABLE"]);
        if let Some(table) = inner.name() {
            return Action::Insert { table: Name { ..table }, from_query: true };
        }
    }
    match called {
        Some(function) => Action::Opaque { what: format!("SELECT {function}()") },
        None => Action::Other { what: "SELECT".to_owned() },
    }
}

/// Functions and key words before brackets that change nothing.
const KNOWN_FUNCTIONS: &[&str] = &[
    "set_config",
    "setval",
    "nextval",
    "currval",
    "count",
    "sum",
    "min",
    "max",
    "avg",
    "coalesce",
    "lower",
    "upper",
    "length",
    "in",
    "exists",
    "any",
    "all",
    "and",
    "or",
    "not",
    "where",
    "on",
    "from",
    "select",
    "as",
    "case",
    "when",
    "then",
    "else",
    "if",
    "ifnull",
    "nullif",
    "cast",
    "concat",
    "substr",
    "substring",
    "trim",
    "replace",
    "round",
    "abs",
    "now",
    "version",
    "current_setting",
    "current_database",
    "database",
    "distinct",
    "values",
    "union",
    "join",
    "using",
    "by",
    "over",
    "partition",
    "typeof",
    "quote",
    "hex",
    "char",
    "char_length",
    "instr",
    "iif",
    "total",
    "group_concat",
    "string_agg",
    "array_agg",
    "pg_get_expr",
    "format",
    "sqlite_version",
    "date",
    "datetime",
    "strftime",
    "julianday",
    "unixepoch",
    "time",
    "left",
    "right",
    "raise",
    "last_insert_rowid",
    "changes",
    "last_insert_id",
    "row_count",
    "interval",
    "between",
    "like",
    "limit",
    "having",
    "pg_sleep",
    "sleep",
    "row_number",
    "rank",
    "json_object",
    "json_array",
    "jsonb_build_object",
    "to_jsonb",
    "to_regclass",
    "to_char",
    "extract",
    "date_trunc",
    "greatest",
    "least",
    "mod",
    "floor",
    "ceil",
    "ceiling",
    "regexp_replace",
    "uuid",
    "rand",
    "random",
    "gen_random_uuid",
    "md5",
];
