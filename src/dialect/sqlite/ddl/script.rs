//! CREATE VIEW and CREATE TRIGGER: a head that is understood, and a body that is kept as it was written.

use super::cursor::{Cursor, ParseError};
use super::table::names;
use crate::dialect::sqlite::lexer::{key, trim};
use crate::model::{Name, Text, Trigger, View};

/// The name of a view, and its columns and query.
pub fn create_view(sql: &str) -> Result<(String, View), ParseError> {
    let mut cursor = Cursor::new(sql);
    let name = head(&mut cursor, "view")?;
    let columns = if cursor.is_symbol("(") { names(&mut cursor.group()?)? } else { Vec::new() };
    cursor.expect(&["as"])?;
    Ok((name, View { columns, query: body(&cursor), comment: None }))
}

/// The name of a trigger, and all that stands behind it. `table` is what `sqlite_schema` says that it watches.
pub fn create_trigger(sql: &str, table: &str) -> Result<(String, Trigger), ParseError> {
    let mut cursor = Cursor::new(sql);
    let name = head(&mut cursor, "trigger")?;
    Ok((name, Trigger { table: Name::new(table), definition: body(&cursor) }))
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
