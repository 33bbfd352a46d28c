//! CREATE TABLE: what stands between the brackets of a table and behind them.

use super::action::TableDef;
use super::column::column;
use super::constraint::{constraints, inline_index, is_constraint, is_index};
use super::cursor::Cursor;
use super::names::is_temporary;
use super::select::is_query;
use crate::dialect::Kind;
use crate::model::Name;

/// A table from its name on; the cursor stands behind the word TABLE.
pub fn table(cursor: &mut Cursor<'_>, temporary: bool) -> Option<TableDef> {
    let if_not_exists = cursor.eat(&["IF", "NOT", "EXISTS"]);
    let name = cursor.name()?;
    let temporary = temporary || is_temporary(cursor.kind, &name);
    let mut table = TableDef { name: Some(name.clone()), if_not_exists, temporary, ..TableDef::default() };
    if cursor.eat(&["PARTITION", "OF"]) {
        (table.parent, table.is_partition) = (cursor.name(), true);
    } else if cursor.kind == Kind::Postgres && cursor.eat(&["OF"]) {
        // The columns are those of a type.
        cursor.name()?;
    }
    if cursor.eat(&["LIKE"]) {
        table.like = cursor.name();
    }
    match cursor.brackets() {
        Some(list) if is_query(&list) => table.from_query = true,
        Some(list) => list.parts().into_iter().try_for_each(|part| element(&mut table, part, &name))?,
        None => {}
    }
    options(cursor, &mut table);
    let without_rowid = |(key, _): &(String, String)| cursor.kind == Kind::Sqlite && key == "ROWID";
    // Without the number of the row SQLite lets no NULL into the primary key.
    if table.options.iter().any(without_rowid) {
        table.columns.iter_mut().filter(|column| column.primary_key).for_each(|column| column.not_null = true);
    }
    Some(table)
}

/// A column, a constraint or an index between the brackets of a table.
fn element(table: &mut TableDef, mut part: Cursor<'_>, name: &Name) -> Option<()> {
    if part.is_done() || part.sees(&["PERIOD", "FOR"]) {
        return Some(());
    }
    if part.kind != Kind::Sqlite && part.eat(&["LIKE"]) {
        table.like = part.name();
        while let Some(word) = part.eat_one(&["INCLUDING", "EXCLUDING"]) {
            table.like_options.push(format!("{word} {}", part.word()?));
            part.step();
        }
    } else if is_constraint(&part) {
        table.constraints.extend(constraints(&mut part)?);
    } else if is_index(&part) {
        table.indexes.push(inline_index(&mut part, name)?);
    } else {
        table.columns.push(column(&mut part)?);
    }
    Some(())
}

/// What stands behind the brackets of a table.
fn options(cursor: &mut Cursor<'_>, table: &mut TableDef) {
    while !cursor.is_done() {
        if cursor.eat(&["INHERITS"]) {
            table.parent = cursor.brackets().and_then(|mut list| list.name());
        } else if cursor.eat(&["PARTITION", "BY"]) {
            table.options.push(("PARTITION".to_owned(), cursor.until(&["AS", "SELECT"]).to_owned()));
        } else if begins_query(cursor) {
            table.from_query = true;
            cursor.rest();
        } else if let Some((key, value)) = option(cursor) {
            table.options.push((key, value));
        } else {
            cursor.step();
        }
    }
}

/// True where the query comes next that the table is made of. MySQL may have words about its rows before it, and needs no AS.
fn begins_query(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    if ahead.kind == Kind::Mysql {
        let _ = ahead.eat_one(&["IGNORE", "REPLACE"]);
    }
    let is_option = ahead.sees(&["WITH", "("]) || ahead.sees(&["WITH", "SYSTEM"]);
    let of_mysql = ahead.kind == Kind::Mysql && ahead.sees_one(&["TABLE", "VALUES"]);
    of_mysql || ahead.sees(&["AS"]) || is_query(&ahead) && !is_option
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
