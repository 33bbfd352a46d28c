//! A column of CREATE TABLE with all that may stand behind its name.

use super::clause;
use super::cursor::{Cursor, ParseError};
use super::draft::{Draft, Key, Part};
use crate::dialect::sqlite::lexer::{Kind, Token, expression, tidy};
use crate::dialect::sqlite::quote::{literal, may_be_type};
use crate::dialect::sqlite::types;
use crate::model::{Column, Fill, Text};

/// Reads a column up to the comma behind it.
pub(super) fn column(cursor: &mut Cursor<'_>, draft: &mut Draft) -> Result<(), ParseError> {
    let name = cursor.name()?;
    let mut column = Column::new("");
    column.ty = type_name(cursor)?;
    let mut given = None;
    let first_part = draft.part_count();
    while !cursor.is_done() && !cursor.is_symbol(",") {
        if cursor.eat(&["constraint"]) {
            // A name that is followed by another one belongs to nothing.
            if let Some(unused) = given.replace(cursor.name()?) {
                draft.note(format!("CONSTRAINT {unused} without a constraint"));
            }
        } else if !key(cursor, draft, &name, &mut given, first_part)? && !attribute(cursor, draft, &name, &mut column, &mut given)? {
            unknown(cursor, draft, &name)?;
        }
    }
    if let Some(unused) = given {
        draft.note(format!("CONSTRAINT {unused} without a constraint"));
    }
    draft.columns.insert(name, column);
    Ok(())
}

/// The type: words, and up to two numbers in brackets. Without one SQLite takes every value as it is.
fn type_name(cursor: &mut Cursor<'_>) -> Result<Text, ParseError> {
    let place = cursor.place();
    let belongs = |token: Token<'_>| match token.kind {
        Kind::Word => may_be_type(token.text),
        Kind::Quoted | Kind::String => true,
        _ => false,
    };
    while cursor.peek().is_some_and(belongs) && !cursor.are_words(&["generated", "always"]) {
        cursor.next();
    }
    if cursor.place() > place && cursor.is_symbol("(") {
        cursor.group()?;
    }
    let written = tidy(cursor.text_since(place));
    let key = types::key(&written);
    Ok(Text::with_key(written, key))
}

/// A constraint that becomes a part of the table. False where something else stands there.
fn key(cursor: &mut Cursor<'_>, draft: &mut Draft, column: &str, given: &mut Option<String>, first_part: usize) -> Result<bool, ParseError> {
    let of = format!("column {column}");
    if cursor.eat(&["primary", "key"]) {
        let descending = cursor.eat(&["desc"]);
        if descending {
            draft.note(format!("PRIMARY KEY DESC on {of}"));
        } else {
            cursor.eat(&["asc"]);
        }
        clause::conflict(cursor, draft, &of)?;
        let autoincrement = cursor.eat(&["autoincrement"]);
        // A key that is not the rowid for the sake of DESC: https://www.sqlite.org/lang_createtable.html#rowid
        draft.add(given.take(), Part::PrimaryKey(Key { columns: vec![column.to_owned()], autoincrement, is_rowid: !descending }));
    } else if cursor.eat(&["unique"]) {
        clause::conflict(cursor, draft, &of)?;
        draft.add(given.take(), Part::Unique(vec![column.to_owned()]));
    } else if cursor.eat(&["check"]) {
        let expr = expression(cursor.group()?.text());
        clause::conflict(cursor, draft, &of)?;
        draft.add(given.take(), Part::Check { expr, column: Some(column.to_owned()) });
    } else if cursor.is_word("references") {
        let foreign_key = clause::references(cursor, draft, vec![column.to_owned()])?;
        draft.add(given.take(), Part::ForeignKey(foreign_key));
    } else if let Some(deferrable) = clause::deferrable(cursor)? {
        // It may stand apart from REFERENCES, behind other constraints of the column.
        if !draft.defer(first_part, deferrable) {
            draft.note(format!("DEFERRABLE without REFERENCES on {of}"));
        }
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// What is a property of the column itself. The model has no place for a name that is given to it.
fn attribute(cursor: &mut Cursor<'_>, draft: &mut Draft, name: &str, column: &mut Column, given: &mut Option<String>) -> Result<bool, ParseError> {
    let of = format!("column {name}");
    let what = if cursor.eat(&["not", "null"]) {
        clause::conflict(cursor, draft, &of)?;
        column.nullable = false;
        "NOT NULL"
    } else if cursor.eat(&["null"]) {
        // It is what holds anyway.
        clause::conflict(cursor, draft, &of)?;
        "NULL"
    } else if cursor.eat(&["default"]) {
        column.fill = Fill::Default(default(cursor)?);
        "DEFAULT"
    } else if cursor.eat(&["collate"]) {
        column.collation = Some(cursor.name()?);
        "COLLATE"
    } else if cursor.eat(&["generated", "always", "as"]) || cursor.eat(&["as"]) {
        let expr = expression(cursor.group()?.text());
        let stored = cursor.eat(&["stored"]);
        if !stored {
            cursor.eat(&["virtual"]);
        }
        column.fill = Fill::Generated { expr, stored };
        "GENERATED"
    } else {
        return Ok(false);
    };
    if let Some(unused) = given.take() {
        draft.note(format!("the name {unused} of {what} on {of}"));
    }
    Ok(true)
}

/// The value behind DEFAULT.
fn default(cursor: &mut Cursor<'_>) -> Result<Text, ParseError> {
    if cursor.is_symbol("(") {
        return Ok(expression(cursor.group()?.text()));
    }
    let sign = if cursor.eat_symbol("-") {
        "-"
    } else if cursor.eat_symbol("+") {
        "+"
    } else {
        ""
    };
    let Some(token) = cursor.next() else { return Err(cursor.error("a value")) };
    let text = match token.kind {
        Kind::Number | Kind::String | Kind::Blob => format!("{sign}{}", token.text),
        Kind::Word if is_value(token.text) => format!("{sign}{}", token.text),
        // A name without brackets is a string to SQLite, whatever quotes it has.
        Kind::Word if sign.is_empty() => literal(token.text),
        Kind::Quoted if sign.is_empty() => return Ok(Text::with_key(token.text, literal(&token.unquoted()))),
        _ => return Err(ParseError { wanted: "a value".to_owned(), found: format!("`{}`", token.text) }),
    };
    Ok(expression(&text))
}

/// True for the words that are a value of their own.
pub(in crate::dialect::sqlite) fn is_value(word: &str) -> bool {
    ["null", "true", "false", "current_date", "current_time", "current_timestamp"].iter().any(|value| word.eq_ignore_ascii_case(value))
}

/// Names what no rule above knows, and steps over it.
fn unknown(cursor: &mut Cursor<'_>, draft: &mut Draft, column: &str) -> Result<(), ParseError> {
    let place = cursor.place();
    if cursor.is_symbol("(") {
        cursor.group()?;
    } else {
        cursor.next();
    }
    draft.note(format!("`{}` on column {column}", cursor.text_since(place)));
    Ok(())
}
