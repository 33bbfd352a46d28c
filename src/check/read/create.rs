//! CREATE: tables and indexes as far as rules ask for their parts, the rest by its name.

use super::action::{Action, IndexDef, TableDef};
use super::column::{column, type_text};
use super::constraint::{constraint, inline_index, using};
use super::cursor::Cursor;
use crate::dialect::Kind;
use crate::model::Name;

/// What CREATE makes; the cursor stands behind the word. `None` where it cannot be read.
pub fn create(cursor: &mut Cursor<'_>) -> Option<Action> {
    cursor.eat(&["OR", "REPLACE"]);
    let temporary = cursor.eat_one(&["TEMPORARY", "TEMP"]).is_some();
    let _ = cursor.eat_one(&["UNLOGGED", "GLOBAL", "LOCAL"]);
    let temporary = temporary || cursor.eat_one(&["TEMPORARY", "TEMP"]).is_some();
    definer(cursor);
    if cursor.eat(&["TABLE"]) {
        return table(cursor, temporary).map(Action::CreateTable);
    }
    if let Some(index) = index(cursor) {
        return index.map(Action::CreateIndex);
    }
    let what = cursor.word()?;
    match what.as_str() {
        "SCHEMA" | "DATABASE" => {
            cursor.step();
            cursor.eat(&["IF", "NOT", "EXISTS"]);
            Some(Action::CreateSchema { schema: cursor.ident().unwrap_or_default() })
        }
        "SEQUENCE" => {
            cursor.step();
            cursor.eat(&["IF", "NOT", "EXISTS"]);
            Some(Action::CreateSequence { sequence: cursor.name()? })
        }
        "TYPE" => {
            cursor.step();
            type_of(cursor)
        }
        "DOMAIN" => {
            cursor.step();
            let name = cursor.name()?;
            cursor.eat(&["AS"]);
            type_text(cursor);
            cursor.until(&["CONSTRAINT", "NOT", "CHECK"]);
            Some(Action::CreateDomain { name, is_constrained: !cursor.is_done() })
        }
        "TRIGGER" | "CONSTRAINT" => trigger(cursor),
        "POLICY" => Some(Action::Authorize { what: "CREATE POLICY".to_owned() }),
        _ => Some(Action::Other { what: format!("CREATE {what}") }),
    }
}

/// MySQL's `DEFINER = user`, and the words about a view that stand before its own.
fn definer(cursor: &mut Cursor<'_>) {
    if cursor.eat(&["DEFINER"]) {
        cursor.until(&["VIEW", "TRIGGER", "FUNCTION", "PROCEDURE", "EVENT", "SQL", "AGGREGATE"]);
    }
}

fn table(cursor: &mut Cursor<'_>, temporary: bool) -> Option<TableDef> {
    let if_not_exists = cursor.eat(&["IF", "NOT", "EXISTS"]);
    let temporary = temporary || cursor.sees(&["temp", "."]) || cursor.sees(&["pg_temp", "."]);
    let name = cursor.name()?;
    let mut table = TableDef { name: Some(name.clone()), if_not_exists, temporary, ..TableDef::default() };
    if cursor.eat(&["PARTITION", "OF"]) {
        table.parent = cursor.name();
    }
    if cursor.eat(&["LIKE"]) {
        table.like = cursor.name();
    }
    if let Some(list) = cursor.brackets() {
        for part in list.parts() {
            element(&mut table, part, &name)?;
        }
    }
    options(cursor, &mut table);
    Some(table)
}

/// A column, a constraint or an index between the brackets of a table.
fn element(table: &mut TableDef, part: Cursor<'_>, name: &Name) -> Option<()> {
    if part.is_done() {
        return Some(());
    }
    if part.sees(&["LIKE"]) {
        table.like = {
            let mut part = part;
            part.step();
            part.name()
        };
        return Some(());
    }
    if part.sees(&["PERIOD"]) {
        return Some(());
    }
    if let Some(constraint) = constraint(&mut part.clone()) {
        table.constraints.push(constraint);
    } else if let Some(index) = (part.kind == Kind::Mysql).then(|| inline_index(&mut part.clone(), name)).flatten() {
        table.indexes.push(index);
    } else {
        table.columns.push(column(&mut part.clone())?);
    }
    Some(())
}

/// What stands behind the brackets of a table.
fn options(cursor: &mut Cursor<'_>, table: &mut TableDef) {
    while !cursor.is_done() {
        if cursor.eat(&["INHERITS"]) {
            table.parent = cursor.brackets().and_then(|mut list| list.name());
        } else if cursor.eat(&["PARTITION", "BY"]) {
            table.options.push(("PARTITION".to_owned(), cursor.rest().to_owned()));
        } else if cursor.eat(&["AS"]) || cursor.sees_one(&["SELECT", "WITH"]) && !cursor.sees(&["WITH", "("]) && !cursor.sees(&["WITH", "SYSTEM"]) {
            table.from_query = true;
            cursor.rest();
        } else if let Some((key, value)) = option(cursor) {
            table.options.push((key, value));
        } else {
            cursor.step();
        }
    }
}

/// `KEY [=] value` of MySQL, and the bare words of SQLite. The key is in upper case, without DEFAULT before it.
pub fn option(cursor: &mut Cursor<'_>) -> Option<(String, String)> {
    cursor.eat(&["DEFAULT"]);
    let key = if cursor.eat(&["CHARACTER", "SET"]) || cursor.eat(&["CHAR", "SET"]) { "CHARSET".to_owned() } else { cursor.word()? };
    if key != "CHARSET" || cursor.sees(&["CHARSET"]) {
        cursor.step();
    }
    let assigned = cursor.eat(&["="]);
    if cursor.kind != Kind::Mysql && !assigned {
        return Some((key, String::new()));
    }
    let value = cursor.peek().filter(|token| token.text != "," && token.text != "(").map(|token| token.text.to_owned());
    if value.is_some() {
        cursor.step();
    }
    Some((key, value.unwrap_or_default()))
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
    cursor.eat(&["ONLY"]);
    let table = cursor.name()?;
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
