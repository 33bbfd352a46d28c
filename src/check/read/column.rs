//! The definition of a column: its type, and what stands behind it in whatever order.

use super::action::{ColumnDef, Generated, Reference};
use super::cursor::Cursor;
use crate::dialect::Kind;
use crate::source::LexemeKind;

/// The words with which something behind a column's type begins.
const STOPS: &[&str] = &[
    "CONSTRAINT",
    "NOT",
    "NULL",
    "DEFAULT",
    "PRIMARY",
    "UNIQUE",
    "KEY",
    "REFERENCES",
    "CHECK",
    "GENERATED",
    "AS",
    "COLLATE",
    "CHARSET",
    "COMMENT",
    "AUTO_INCREMENT",
    "AUTOINCREMENT",
    "ON",
    "FIRST",
    "AFTER",
    "INVISIBLE",
    "VISIBLE",
    "STORAGE",
    "COMPRESSION",
    "VIRTUAL",
    "STORED",
    "PERSISTENT",
    "DEFERRABLE",
    "INITIALLY",
    "COLUMN_FORMAT",
    "SRID",
    "REF_SYSTEM_ID",
    "ENGINE_ATTRIBUTE",
    "USING",
    "INVALID",
];

/// Reads a column from its name on, to the end of the part.
pub fn column(cursor: &mut Cursor<'_>) -> Option<ColumnDef> {
    let span = cursor.span();
    let name = cursor.ident()?;
    let ty = type_text(cursor);
    let identity = matches!(ty.as_str(), "serial" | "bigserial" | "smallserial" | "serial4" | "serial8" | "serial2");
    let is_mysql_serial = cursor.kind == Kind::Mysql && ty == "serial";
    let mut column =
        ColumnDef { name, identity: identity || is_mysql_serial, not_null: identity, unique: is_mysql_serial, ty, span, ..ColumnDef::default() };
    while !cursor.is_done() {
        attribute(cursor, &mut column);
    }
    if column.primary_key {
        column.not_null = true;
    }
    Some(column)
}

/// The type that comes next: lower case, words parted by one blank.
pub fn type_text(cursor: &mut Cursor<'_>) -> String {
    let start = cursor.position();
    while let Some(token) = cursor.peek() {
        let is_first = cursor.position() == start;
        let charset = cursor.sees(&["CHARACTER", "SET"]) || cursor.sees(&["CHAR", "SET"]);
        let with = cursor.sees_one(&["WITH", "WITHOUT"]) && !cursor.sees(&["WITH", "TIME"]) && !cursor.sees(&["WITHOUT", "TIME"]);
        if charset && !is_first || with || token.kind == LexemeKind::Word && cursor.sees_one(STOPS) {
            break;
        }
        cursor.step();
    }
    let mut text = String::new();
    let mut before = None;
    for token in cursor.tokens(start, cursor.position()) {
        if matches!(before, Some(LexemeKind::Word | LexemeKind::Close)) && token.kind == LexemeKind::Word {
            text.push(' ');
        }
        match token.kind {
            LexemeKind::Word => text.push_str(&token.text.to_lowercase()),
            _ => text.push_str(token.text),
        }
        before = Some(token.kind);
    }
    text
}

fn attribute(cursor: &mut Cursor<'_>, column: &mut ColumnDef) {
    if cursor.eat(&["CONSTRAINT"]) {
        cursor.ident();
    } else if cursor.eat(&["NOT", "NULL"]) {
        column.not_null = true;
    } else if cursor.eat(&["DEFAULT"]) {
        let expr = expression(cursor);
        column.default = Some(expr).filter(|expr| !expr.eq_ignore_ascii_case("null") && !expr.is_empty());
    } else if cursor.eat(&["GENERATED"]) {
        generated(cursor, column);
    } else if cursor.eat(&["AS"]) {
        computed(cursor, column);
    } else if cursor.eat(&["PRIMARY", "KEY"]) || cursor.sees(&["KEY"]) && cursor.kind == Kind::Mysql {
        cursor.eat(&["KEY"]);
        column.primary_key = true;
    } else if cursor.eat(&["UNIQUE"]) {
        cursor.eat(&["KEY"]);
        column.unique = true;
    } else if cursor.eat(&["CHECK"]) {
        cursor.brackets();
        column.check = true;
    } else if cursor.eat(&["REFERENCES"]) {
        column.references = reference(cursor);
    } else if cursor.eat(&["COLLATE"]) {
        column.collation = cursor.advance().map(|token| token.text.to_owned());
    } else if cursor.eat(&["CHARACTER", "SET"]) || cursor.eat(&["CHARSET"]) || cursor.eat(&["CHAR", "SET"]) {
        cursor.eat(&["="]);
        column.charset = cursor.advance().map(|token| token.text.to_owned());
    } else if cursor.eat(&["COMMENT"]) {
        column.comment = cursor.advance().map(|token| token.text.to_owned());
    } else if cursor.eat_one(&["AUTO_INCREMENT", "AUTOINCREMENT"]).is_some() {
        column.identity = true;
    } else if cursor.eat(&["ON", "UPDATE"]) {
        column.on_update = Some(expression(cursor));
    } else if cursor.eat(&["FIRST"]) {
        column.is_placed = true;
    } else if cursor.eat(&["AFTER"]) {
        cursor.ident();
        column.is_placed = true;
    } else {
        cursor.step();
    }
}

/// An expression: its first token whatever it is, then up to a word with which something else begins.
fn expression(cursor: &mut Cursor<'_>) -> String {
    let start = cursor.position();
    cursor.step();
    cursor.until(STOPS);
    cursor.text(start, cursor.position()).to_owned()
}

fn generated(cursor: &mut Cursor<'_>, column: &mut ColumnDef) {
    let _ = cursor.eat(&["ALWAYS"]) || cursor.eat(&["BY", "DEFAULT"]);
    cursor.eat(&["AS"]);
    if cursor.eat(&["IDENTITY"]) {
        cursor.brackets();
        (column.identity, column.not_null) = (true, true);
    } else {
        computed(cursor, column);
    }
}

fn computed(cursor: &mut Cursor<'_>, column: &mut ColumnDef) {
    cursor.brackets();
    let is_virtual = cursor.eat(&["VIRTUAL"]);
    let is_stored = cursor.eat_one(&["STORED", "PERSISTENT"]).is_some();
    // Where neither is said PostgreSQL stores up to 17, the others do not: <https://www.postgresql.org/docs/18/ddl-generated-columns.html>.
    let stored = is_stored || cursor.kind == Kind::Postgres && !is_virtual;
    column.generated = Some(if stored { Generated::Stored } else { Generated::Virtual });
}

/// What stands behind REFERENCES.
pub fn reference(cursor: &mut Cursor<'_>) -> Option<Reference> {
    let table = cursor.name()?;
    let columns = cursor.columns().unwrap_or_default().into_iter().flatten().collect();
    let mut on_delete = None;
    loop {
        if cursor.eat(&["ON", "DELETE"]) {
            on_delete = action_word(cursor);
        } else if cursor.eat(&["ON", "UPDATE"]) {
            action_word(cursor);
        } else if cursor.eat(&["MATCH"]) {
            cursor.step();
        } else {
            return Some(Reference { table, columns, on_delete });
        }
    }
}

fn action_word(cursor: &mut Cursor<'_>) -> Option<String> {
    let second = cursor.sees_one(&["SET", "NO"]);
    let first = cursor.advance()?.text.to_ascii_uppercase();
    if !second {
        return Some(first);
    }
    Some(format!("{first} {}", cursor.advance()?.text.to_ascii_uppercase()))
}
