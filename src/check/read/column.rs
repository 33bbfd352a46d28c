//! The definition of a column: its type, and what stands behind it in whatever order.

use super::action::{ColumnDef, ConstraintWord, Generated, Reference};
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
    // SQLite lets NULL into a primary key unless that is the number of the row: <https://www.sqlite.org/lang_createtable.html#the_primary_key>.
    if column.primary_key && (cursor.kind != Kind::Sqlite || column.ty == "integer") {
        column.not_null = true;
    }
    Some(column)
}

/// The type that comes next: lower case, words parted by one blank.
pub fn type_text(cursor: &mut Cursor<'_>) -> String {
    let start = cursor.position();
    while !cursor.is_done() && !ends_type(cursor, cursor.position() == start) {
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

/// True where the next token is no part of a type. What can begin a type ends none that has not begun.
fn ends_type(cursor: &Cursor<'_>, is_first: bool) -> bool {
    let with = cursor.sees_one(&["WITH", "WITHOUT"]) && !cursor.sees(&["WITH", "TIME"]) && !cursor.sees(&["WITHOUT", "TIME"]);
    let charset = || cursor.sees(&["CHARACTER", "SET"]) || cursor.sees(&["CHAR", "SET"]);
    let own = || match cursor.kind {
        Kind::Postgres => cursor.sees(&["OPTIONS", "("]),
        Kind::Mysql => cursor.sees(&["SERIAL", "DEFAULT"]),
        Kind::Sqlite => false,
    };
    with || cursor.sees_one(STOPS) || !is_first && (charset() || own())
}

fn attribute(cursor: &mut Cursor<'_>, column: &mut ColumnDef) {
    if cursor.eat(&["CONSTRAINT"]) {
        let name = if constraint_word(cursor).is_none() { cursor.ident() } else { None };
        column.constraint_names.extend(name.zip(constraint_word(cursor)));
    } else if cursor.eat(&["NOT", "NULL"]) {
        column.not_null = true;
    } else if cursor.eat(&["DEFAULT"]) {
        let expr = expression(cursor);
        column.default = Some(expr).filter(|expr| !expr.eq_ignore_ascii_case("null") && !expr.is_empty());
    } else if cursor.eat(&["SERIAL", "DEFAULT", "VALUE"]) {
        (column.not_null, column.identity, column.unique) = (true, true, true);
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
        column.collation = Some(qualified(cursor).to_owned());
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

/// Which constraint comes next, in the definition of a column.
fn constraint_word(cursor: &Cursor<'_>) -> Option<ConstraintWord> {
    match cursor.word()?.as_str() {
        "PRIMARY" => Some(ConstraintWord::PrimaryKey),
        "UNIQUE" => Some(ConstraintWord::Unique),
        "REFERENCES" => Some(ConstraintWord::ForeignKey),
        "CHECK" => Some(ConstraintWord::Check),
        "NOT" => Some(ConstraintWord::NotNull),
        _ => None,
    }
}

/// A name with the points in it, as it is written.
fn qualified<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let start = cursor.position();
    cursor.step();
    while cursor.eat(&["."]) {
        cursor.step();
    }
    cursor.text(start, cursor.position())
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
    } else if cursor.eat(&["ROW"]) {
        // MariaDB writes the time of each version of a row there.
        cursor.step();
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
    let columns = key_columns(cursor).unwrap_or_default();
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

/// The columns of a foreign key, or those that it points at. PostgreSQL has PERIOD before the last where that is a range of time.
pub fn key_columns(cursor: &mut Cursor<'_>) -> Option<Vec<String>> {
    let list = cursor.brackets()?;
    let column = |mut part: Cursor<'_>| {
        let is_period = part.sees(&["PERIOD"]);
        let first = part.ident();
        if is_period { part.ident().or(first) } else { first }
    };
    Some(list.parts().into_iter().filter_map(column).collect())
}

fn action_word(cursor: &mut Cursor<'_>) -> Option<String> {
    let second = cursor.sees_one(&["SET", "NO"]);
    let first = cursor.advance()?.text.to_ascii_uppercase();
    if !second {
        return Some(first);
    }
    Some(format!("{first} {}", cursor.advance()?.text.to_ascii_uppercase()))
}
