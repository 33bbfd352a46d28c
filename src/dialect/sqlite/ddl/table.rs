//! CREATE TABLE.

use super::clause;
use super::column;
use super::cursor::{Cursor, ParseError};
use super::draft::{Draft, Key, Part};
use crate::dialect::sqlite::lexer::expression;
use crate::model::Table;

/// The name and the parts of the table that a CREATE TABLE statement makes. Its indexes are statements of their own, and the columns
/// that a foreign key does not name are left out: only the target knows its primary key.
pub fn create_table(sql: &str) -> Result<(String, Table), ParseError> {
    let draft = read(sql)?;
    let name = draft.table.clone();
    Ok((name, draft.finish(sql)))
}

fn read(sql: &str) -> Result<Draft, ParseError> {
    let mut cursor = Cursor::new(sql);
    cursor.expect(&["create"])?;
    _ = cursor.eat(&["temp"]) || cursor.eat(&["temporary"]);
    cursor.expect(&["table"])?;
    cursor.eat(&["if", "not", "exists"]);
    let mut draft = Draft::new(cursor.object_name()?);
    let mut body = cursor.group()?;
    definitions(&mut body, &mut draft)?;
    options(&mut cursor, &mut draft);
    Ok(draft)
}

/// The columns, then the table's own constraints, between which SQLite lets the commas be left out.
fn definitions(body: &mut Cursor<'_>, draft: &mut Draft) -> Result<(), ParseError> {
    while !is_constraint(body) {
        column::column(body, draft)?;
        if !body.eat_symbol(",") {
            break;
        }
    }
    while !body.is_done() {
        constraint(body, draft)?;
        body.eat_symbol(",");
    }
    Ok(())
}

/// True at a table constraint. Its first words are key words that cannot be the name of a column.
fn is_constraint(body: &Cursor<'_>) -> bool {
    ["constraint", "primary", "unique", "check", "foreign"].iter().any(|word| body.is_word(word))
}

fn constraint(body: &mut Cursor<'_>, draft: &mut Draft) -> Result<(), ParseError> {
    let name = if body.eat(&["constraint"]) { Some(body.name()?) } else { None };
    if body.eat(&["primary", "key"]) {
        let (columns, autoincrement) = key_columns(body, draft, "the primary key")?;
        clause::conflict(body, draft, "the primary key")?;
        draft.add(name, Part::PrimaryKey(Key { columns, autoincrement, is_rowid: true }));
    } else if body.eat(&["unique"]) {
        let (columns, _) = key_columns(body, draft, "a unique constraint")?;
        clause::conflict(body, draft, "a unique constraint")?;
        draft.add(name, Part::Unique(columns));
    } else if body.eat(&["check"]) {
        let expr = expression(body.group()?.text());
        clause::conflict(body, draft, "a check")?;
        draft.add(name, Part::Check { expr, column: None });
    } else if body.eat(&["foreign", "key"]) {
        let columns = names(&mut body.group()?)?;
        let key = clause::references(body, draft, columns)?;
        draft.add(name, Part::ForeignKey(key));
    } else if let Some(name) = name {
        draft.note(format!("CONSTRAINT {name} without a constraint"));
    } else {
        let item = body.item();
        if item.is_done() {
            return Err(body.error("a constraint"));
        }
        draft.note(format!("`{}`", item.text()));
    }
    Ok(())
}

/// The columns of a primary key or unique constraint, and whether AUTOINCREMENT stands behind them.
fn key_columns(body: &mut Cursor<'_>, draft: &mut Draft, of: &str) -> Result<(Vec<String>, bool), ParseError> {
    let mut list = body.group()?;
    let (mut columns, mut autoincrement) = (Vec::new(), false);
    loop {
        let mut item = list.item();
        let name = item.name()?;
        item.eat(&["asc"]);
        if item.rest().last().is_some_and(|token| token.is_word("autoincrement")) {
            autoincrement = true;
            item.cut(1);
        }
        if !item.is_done() {
            draft.note(format!("`{}` on {name} in {of}", item.text()));
        }
        columns.push(name);
        if !list.eat_symbol(",") {
            return Ok((columns, autoincrement));
        }
    }
}

/// Names with commas between them, and nothing else.
pub(super) fn names(list: &mut Cursor<'_>) -> Result<Vec<String>, ParseError> {
    let mut names = vec![list.name()?];
    while list.eat_symbol(",") {
        names.push(list.name()?);
    }
    if list.is_done() { Ok(names) } else { Err(list.error("`,` or `)`")) }
}

fn options(cursor: &mut Cursor<'_>, draft: &mut Draft) {
    while !cursor.is_done() {
        if cursor.eat(&["without", "rowid"]) {
            draft.options.without_rowid = true;
        } else if cursor.eat(&["strict"]) {
            draft.options.strict = true;
        } else if !cursor.eat_symbol(",") && !cursor.eat_symbol(";") {
            draft.note(format!("`{}` behind the columns", cursor.item().text()));
        }
    }
}
