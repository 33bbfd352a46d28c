//! CREATE: tables and indexes as far as rules ask for their parts, the rest by its name.

use super::action::{Action, IndexDef};
use super::column::type_text;
use super::constraint::using;
use super::cursor::Cursor;
use super::table::table;
use crate::dialect::Kind;

/// What CREATE makes; the cursor stands behind the word. `None` where it cannot be read.
pub fn create(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    let or_replace = cursor.eat(&["OR", "REPLACE"]);
    let temporary = cursor.eat_one(&["TEMPORARY", "TEMP"]).is_some();
    let _ = cursor.eat_one(&["UNLOGGED", "GLOBAL", "LOCAL"]);
    let temporary = temporary || cursor.eat_one(&["TEMPORARY", "TEMP"]).is_some();
    preamble(cursor);
    if cursor.eat(&["TABLE"]) {
        let mut table = table(cursor, temporary)?;
        table.or_replace = or_replace;
        return Some(vec![Action::CreateTable(table)]);
    }
    if let Some(index) = index(cursor) {
        return index.map(|index| vec![Action::CreateIndex(index)]);
    }
    if cursor.eat_one(&["SCHEMA", "DATABASE"]).is_some() {
        return schema(cursor);
    }
    let what = cursor.word()?;
    let made = match what.as_str() {
        "SEQUENCE" => {
            cursor.step();
            cursor.eat(&["IF", "NOT", "EXISTS"]);
            Action::CreateSequence { sequence: cursor.name()? }
        }
        "TYPE" => {
            cursor.step();
            type_of(cursor)?
        }
        "DOMAIN" => {
            cursor.step();
            let name = cursor.name()?;
            cursor.eat(&["AS"]);
            type_text(cursor);
            cursor.until(&["CONSTRAINT", "NOT", "CHECK"]);
            Action::CreateDomain { name, is_constrained: !cursor.is_done() }
        }
        "TRIGGER" | "CONSTRAINT" => trigger(cursor)?,
        "POLICY" => Action::Authorize { what: "CREATE POLICY".to_owned() },
        _ => Action::Other { what: format!("CREATE {what}") },
    };
    Some(vec![made])
}

/// What MySQL has between CREATE and the kind of a view or a routine: `DEFINER = user`, ALGORITHM, SQL SECURITY.
fn preamble(cursor: &mut Cursor<'_>) {
    if cursor.kind == Kind::Mysql && (cursor.sees_one(&["DEFINER", "ALGORITHM"]) || cursor.sees(&["SQL", "SECURITY"])) {
        cursor.until(&["VIEW", "TRIGGER", "FUNCTION", "PROCEDURE", "EVENT", "AGGREGATE"]);
    }
}

/// A schema, and what PostgreSQL makes in it in the same statement.
fn schema(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    // Without a name it has that of its owner.
    if cursor.kind == Kind::Postgres {
        cursor.eat(&["AUTHORIZATION"]);
    }
    let schema = cursor.ident()?;
    let mut found = vec![Action::CreateSchema { schema: schema.clone() }];
    if cursor.kind != Kind::Postgres {
        return Some(found);
    }
    cursor.schema = Some(schema);
    cursor.until(&["CREATE", "GRANT"]);
    while !cursor.is_done() {
        let start = cursor.position();
        cursor.step();
        cursor.until(&["CREATE", "GRANT"]);
        let mut element = cursor.between(start, cursor.position());
        // GRANT CREATE ON makes nothing.
        if element.eat(&["CREATE"]) && !element.sees_one(&["ON", ","]) {
            found.extend(create(&mut element)?);
        }
    }
    Some(found)
}

/// An index; the outer `None` where it is something else, the inner one where it cannot be read.
fn index(cursor: &mut Cursor<'_>) -> Option<Option<IndexDef>> {
    let mut ahead = cursor.clone();
    let unique = ahead.eat(&["UNIQUE"]);
    let special = ahead.eat_one(&["FULLTEXT", "SPATIAL", "VECTOR"]).map(str::to_owned);
    if !ahead.eat(&["INDEX"]) {
        return None;
    }
    *cursor = ahead;
    Some(index_rest(cursor, unique, special))
}

fn index_rest(cursor: &mut Cursor<'_>, unique: bool, special: Option<String>) -> Option<IndexDef> {
    let concurrently = cursor.eat(&["CONCURRENTLY"]);
    let if_not_exists = cursor.eat(&["IF", "NOT", "EXISTS"]);
    // `INDEX ON t (...)`: the name is the server's to give.
    let name = if cursor.sees(&["ON"]) { None } else { Some(cursor.name()?.name) };
    let mut method = using(cursor);
    cursor.eat(&["ON"]).then_some(())?;
    let table = cursor.table()?;
    method = method.or_else(|| using(cursor));
    let columns = cursor.columns()?;
    cursor.until(&["WHERE", "USING"]);
    method = method.or_else(|| using(cursor));
    cursor.until(&["WHERE"]);
    Some(IndexDef { name, table, unique, concurrently, if_not_exists, method, columns, is_partial: cursor.sees(&["WHERE"]), special })
}

fn type_of(cursor: &mut Cursor<'_>) -> Option<Action> {
    let name = cursor.name()?;
    if !cursor.eat(&["AS", "ENUM"]) {
        return Some(Action::Other { what: "CREATE TYPE".to_owned() });
    }
    let values = cursor.brackets()?.parts();
    let values = values.into_iter().filter_map(|mut part| part.advance().map(|token| token.text.to_owned())).collect();
    Some(Action::CreateEnum { name, values })
}

fn trigger(cursor: &mut Cursor<'_>) -> Option<Action> {
    cursor.eat(&["CONSTRAINT"]);
    cursor.eat(&["TRIGGER"]).then_some(())?;
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    let trigger = cursor.name()?.name;
    cursor.until(&["ON"]);
    cursor.step();
    Some(Action::CreateTrigger { trigger, table: cursor.name()? })
}
