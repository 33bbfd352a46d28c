//! CREATE VIEW and CREATE TRIGGER: a head that is understood, and a body that is kept as it was written.

use super::cursor::{Cursor, ParseError};
use super::table::names;
use crate::dialect::sqlite::lexer::{key, trim};
use crate::model::{Object, Text};

/// The name of a view, and its columns and query.
pub fn create_view(sql: &str) -> Result<(String, Object), ParseError> {
    let mut cursor = Cursor::new(sql);
    let name = head(&mut cursor, "view")?;
    let columns = if cursor.is_symbol("(") { names(&mut cursor.group()?)? } else { Vec::new() };
    cursor.expect(&["as"])?;
    Ok((name, Object { columns, definition: body(&cursor), ..Object::default() }))
}

/// The name of a virtual table, its module, and all that stands behind the name.
pub fn create_virtual_table(sql: &str) -> Result<(String, String, Object), ParseError> {
    let mut cursor = Cursor::new(sql);
    cursor.expect(&["create"])?;
    cursor.expect(&["virtual"])?;
    cursor.expect(&["table"])?;
    cursor.eat(&["if", "not", "exists"]);
    let name = cursor.object_name()?;
    let definition = body(&cursor);
    cursor.expect(&["using"])?;
    let module = cursor.object_name()?;
    Ok((name, module, Object { definition, ..Object::default() }))
}

/// The name of a trigger, and all that stands behind it.
pub fn create_trigger(sql: &str) -> Result<(String, Object), ParseError> {
    let mut cursor = Cursor::new(sql);
    let name = head(&mut cursor, "trigger")?;
    Ok((name, Object { definition: body(&cursor), ..Object::default() }))
}

fn head(cursor: &mut Cursor<'_>, kind: &str) -> Result<String, ParseError> {
    cursor.expect(&["create"])?;
    _ = cursor.eat(&["temp"]) || cursor.eat(&["temporary"]);
    cursor.expect(&[kind])?;
    cursor.eat(&["if", "not", "exists"]);
    cursor.object_name()
}

fn body(cursor: &Cursor<'_>) -> Text {
    let written = trim(cursor.text());
    Text::with_key(written, key(written))
}
