//! Constraints of tables, in CREATE TABLE and behind ADD.

use super::action::{Constraint, ConstraintKind, IndexDef};
use super::column::reference;
use super::cursor::Cursor;
use crate::dialect::Kind;
use crate::model::Name;

/// The words with which a constraint of a table begins, besides CONSTRAINT.
const BEGINS: &[&str] = &["PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "EXCLUDE"];

/// The constraint that the part is; `None` where it is none.
pub fn constraint(cursor: &mut Cursor<'_>) -> Option<Constraint> {
    let span = cursor.span();
    let mut name = None;
    if cursor.eat(&["CONSTRAINT"]) {
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        if !cursor.sees_one(BEGINS) {
            name = Some(cursor.ident()?);
        }
    }
    let kind = kind(cursor, &mut name)?;
    let rest = cursor.rest().to_ascii_uppercase();
    let (not_valid, not_enforced) = (ends_with_words(&rest, "NOT VALID"), rest.contains("NOT ENFORCED"));
    Some(Constraint { name, kind, not_valid, not_enforced, span })
}

fn ends_with_words(text: &str, words: &str) -> bool {
    text.split_whitespace().collect::<Vec<_>>().join(" ").contains(words)
}

fn kind(cursor: &mut Cursor<'_>, name: &mut Option<String>) -> Option<ConstraintKind> {
    if cursor.eat(&["PRIMARY", "KEY"]) {
        let (columns, using_index) = key(cursor, name)?;
        Some(ConstraintKind::PrimaryKey { columns, using_index })
    } else if cursor.eat(&["UNIQUE"]) {
        let _ = cursor.eat_one(&["KEY", "INDEX"]);
        let (columns, using_index) = key(cursor, name)?;
        Some(ConstraintKind::Unique { columns, using_index })
    } else if cursor.eat(&["FOREIGN", "KEY"]) {
        if let Some(own) = cursor.ident() {
            name.get_or_insert(own);
        }
        let columns = cursor.columns()?.into_iter().flatten().collect();
        cursor.eat(&["REFERENCES"]).then_some(())?;
        Some(ConstraintKind::ForeignKey { columns, reference: reference(cursor)? })
    } else if cursor.eat(&["CHECK"]) {
        let mut inner = cursor.brackets()?;
        Some(ConstraintKind::Check { expr: inner.rest().to_owned() })
    } else if cursor.eat(&["NOT", "NULL"]) {
        Some(ConstraintKind::NotNull { column: cursor.ident()? })
    } else if cursor.eat(&["EXCLUDE"]) {
        Some(ConstraintKind::Exclude)
    } else {
        None
    }
}

/// The columns of a key, and the index that it is made of where it is made of one.
fn key(cursor: &mut Cursor<'_>, name: &mut Option<String>) -> Option<(Vec<String>, Option<String>)> {
    cursor.eat(&["NULLS", "NOT", "DISTINCT"]);
    cursor.eat(&["NULLS", "DISTINCT"]);
    if cursor.eat(&["USING", "INDEX"]) {
        return Some((Vec::new(), Some(cursor.ident()?)));
    }
    if cursor.kind == Kind::Mysql {
        if !cursor.sees(&["USING"])
            && let Some(own) = cursor.ident()
        {
            name.get_or_insert(own);
        }
        if cursor.eat(&["USING"]) {
            cursor.step();
        }
    }
    // An expression in a key is possible on MySQL alone.
    let columns = cursor.columns()?;
    Some((columns.into_iter().flatten().collect(), None))
}

/// MySQL's `[FULLTEXT|SPATIAL] KEY|INDEX name (columns)` in a table or behind ADD; `None` where the part is none.
pub fn inline_index(cursor: &mut Cursor<'_>, table: &Name) -> Option<IndexDef> {
    let special = cursor.eat_one(&["FULLTEXT", "SPATIAL", "VECTOR"]).map(str::to_owned);
    if cursor.eat_one(&["KEY", "INDEX"]).is_none() && special.is_none() {
        return None;
    }
    let if_not_exists = cursor.eat(&["IF", "NOT", "EXISTS"]);
    let name = if cursor.sees(&["USING"]) { None } else { cursor.ident() };
    let mut method = using(cursor);
    let columns = cursor.columns()?;
    method = method.or_else(|| using(cursor));
    Some(IndexDef { name, table: table.clone(), unique: false, concurrently: false, if_not_exists, method, columns, is_partial: false, special })
}

/// USING and the method behind it.
pub fn using(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.eat(&["USING"]).then(|| cursor.advance().map(|token| token.text.to_lowercase())).flatten()
}
