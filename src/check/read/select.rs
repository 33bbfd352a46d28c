//! SELECT: what it calls, sets and makes.

use super::action::{Action, TableDef};
use super::cursor::Cursor;
use super::names::{identifier, is_quoted};
use crate::dialect::Kind;
use crate::source::LexemeKind;

/// True for a query, which may have brackets of its own.
pub fn is_query(cursor: &Cursor<'_>) -> bool {
    let is_open = cursor.peek().is_some_and(|token| token.kind == LexemeKind::Open);
    cursor.sees_one(&["SELECT", "WITH"]) || is_open && cursor.clone().brackets().is_some_and(|inner| is_query(&inner))
}

/// A SELECT only reads unless it calls something, and what that does cannot be seen. The cursor stands before the word.
pub fn select(cursor: &Cursor<'_>) -> Vec<Action> {
    if let Some(table) = into(cursor.clone()) {
        return vec![Action::CreateTable(table)];
    }
    let mut found = Vec::new();
    let mut called = None;
    let mut ahead = cursor.clone();
    let mut before = None;
    while let Some(token) = ahead.advance() {
        // Behind AS stands the name of a column or a table, or a type, and behind `::` a type.
        let is_name = before == Some(":") || before.is_some_and(|word: &str| word.eq_ignore_ascii_case("as"));
        before = Some(token.text);
        let calls = ahead.peek().is_some_and(|next| next.kind == LexemeKind::Open) && (token.kind == LexemeKind::Word || is_quoted(&token));
        let Some(function) = identifier(cursor.kind, &token).filter(|_| calls && !is_name) else { continue };
        if function.eq_ignore_ascii_case("set_config") {
            found.extend(set_config(&mut ahead.clone()));
        } else if !KNOWN_FUNCTIONS.contains(&function.to_ascii_lowercase().as_str()) {
            called.get_or_insert(function);
        }
    }
    if let Some(function) = called {
        found.push(Action::Opaque { what: format!("SELECT {function}()") });
    }
    if found.is_empty() {
        found.push(Action::Other { what: "SELECT".to_owned() });
    }
    found
}

/// The table that PostgreSQL's SELECT INTO makes. MySQL's INTO names a file or variables.
fn into(mut cursor: Cursor<'_>) -> Option<TableDef> {
    cursor.until(&["INTO"]);
    if cursor.kind != Kind::Postgres || !cursor.eat(&["INTO"]) {
        return None;
    }
    let _ = cursor.eat_one(&["GLOBAL", "LOCAL"]);
    let temporary = cursor.eat_one(&["TEMPORARY", "TEMP"]).is_some();
    cursor.eat(&["UNLOGGED"]);
    cursor.eat(&["TABLE"]);
    Some(TableDef { name: Some(cursor.name()?), temporary, from_query: true, ..TableDef::default() })
}

/// `set_config('lock_timeout', '2s', true)` is SET LOCAL in other words; the cursor stands before the brackets.
fn set_config(cursor: &mut Cursor<'_>) -> Option<Action> {
    let mut parts = cursor.brackets()?.parts().into_iter();
    let variable = parts.next()?.peek()?.text.strip_prefix('\'')?.strip_suffix('\'')?.to_lowercase();
    let value = parts.next()?.rest().to_owned();
    let local = parts.next().is_some_and(|part| part.sees(&["TRUE"]));
    Some(Action::Set { variable, value, local, global: false })
}

/// Functions and key words before brackets that change nothing.
const KNOWN_FUNCTIONS: &[&str] = &[
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
