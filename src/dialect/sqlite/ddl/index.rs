//! CREATE INDEX.

use indexmap::IndexMap;

use super::cursor::{Cursor, ParseError};
use crate::dialect::sqlite::lexer::{Kind, Token, closing, expression, tidy};
use crate::model::{Hint, Index, IndexKey, IndexPart, KeyOf, OnDuplicate, Order, Text};

/// The name of the index and of its table, and what a CREATE INDEX statement makes. `columns` are those of the table: a bare or quoted
/// word is a column where the table has it, and an expression (a string, that is) where it has not.
pub fn create_index<'c>(sql: &str, columns: impl Iterator<Item = &'c str> + Clone) -> Result<(String, String, Index), ParseError> {
    let mut cursor = Cursor::new(sql);
    cursor.expect(&["create"])?;
    let unique = cursor.eat(&["unique"]);
    cursor.expect(&["index"])?;
    cursor.eat(&["if", "not", "exists"]);
    let name = cursor.object_name()?;
    cursor.expect(&["on"])?;
    let table = cursor.name()?;
    let mut list = cursor.group()?;
    let mut parts = vec![part(list.item(), columns.clone())?];
    while list.eat_symbol(",") {
        parts.push(part(list.item(), columns.clone())?);
    }
    let predicate = if cursor.eat(&["where"]) { Some(as_written(cursor.text().trim_end_matches(';'))) } else { None };
    if predicate.is_none() && !cursor.is_done() && !cursor.is_symbol(";") {
        return Err(cursor.error("WHERE"));
    }
    Ok((name, table, index(unique, parts, predicate)))
}

fn index(unique: bool, parts: Vec<IndexPart>, predicate: Option<crate::model::Text>) -> Index {
    Index {
        unique,
        method: "btree".to_owned(),
        parts,
        include: Vec::new(),
        predicate,
        nulls_not_distinct: false,
        storage: IndexMap::new(),
        tablespace: None,
        comment: None,
        on_duplicate: Hint(OnDuplicate::default()),
        short: Hint(false),
    }
}

/// A key of an index: a column or an expression, `COLLATE`, and the order.
fn part<'c>(mut item: Cursor<'_>, mut columns: impl Iterator<Item = &'c str>) -> Result<IndexPart, ParseError> {
    let mut order = Order::Asc;
    if let [_, .., last] = item.rest() {
        let (ascending, descending) = (last.is_word("asc"), last.is_word("desc"));
        if descending {
            order = Order::Desc;
        }
        item.cut(usize::from(ascending || descending));
    }
    let collation = collation(item.rest());
    if collation.is_some() {
        item.cut(2);
    }
    let column = match item.rest() {
        [] => return Err(item.error("a column or an expression")),
        [token] if matches!(token.kind, Kind::Word | Kind::Quoted | Kind::String) => {
            columns.find(|column| column.eq_ignore_ascii_case(&token.unquoted())).map(str::to_owned)
        }
        _ => None,
    };
    let what = column.map_or_else(|| KeyOf::Expr(as_written(item.text())), KeyOf::Column);
    Ok(IndexPart { key: IndexKey { what, collation, opclass: None }, length: None, order, nulls: None })
}

/// An expression with the brackets that were written around it, compared without them.
fn as_written(sql: &str) -> Text {
    Text::with_key(tidy(sql).trim(), expression(sql).key)
}

/// The collation behind a key, where it belongs to the whole of it. `COLLATE` binds tighter than every operator, so behind anything but
/// a name, a call or brackets it is a part of the expression.
fn collation(tokens: &[Token<'_>]) -> Option<String> {
    let [before @ .., word, name] = tokens else { return None };
    let whole = match before {
        [] => false,
        [_] => true,
        [first, ..] if first.is_symbol("(") => closing(before) == Some(before.len() - 1),
        [first, rest @ ..] if matches!(first.kind, Kind::Word | Kind::Quoted) => closing(rest) == Some(rest.len() - 1),
        _ => false,
    };
    (word.is_word("collate") && whole).then(|| name.unquoted())
}
