//! Constraints of tables, in CREATE TABLE and behind ADD.

use super::action::{Constraint, ConstraintKind, IndexDef};
use super::column::{key_columns, reference};
use super::cursor::Cursor;
use crate::dialect::Kind;
use crate::model::Name;

/// The words with which a constraint of a table begins. They are reserved on every engine, so that no column has such a name without quotes.
const RESERVED: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"];

/// True for a part of a table that is a constraint and no column, whether it can be read or not.
pub fn is_constraint(part: &Cursor<'_>) -> bool {
    part.sees_one(RESERVED) || part.sees(&["NOT", "NULL"]) || excludes(part)
}

/// True where an exclusion constraint comes next: the word is the name of a column, too.
fn excludes(cursor: &Cursor<'_>) -> bool {
    cursor.kind == Kind::Postgres && (cursor.sees(&["EXCLUDE", "USING"]) || cursor.sees(&["EXCLUDE", "("]))
}

/// The constraints that the part is; `None` where one cannot be read. SQLite needs no comma between two.
pub fn constraints(part: &mut Cursor<'_>) -> Option<Vec<Constraint>> {
    let mut found = vec![constraint(part)?];
    while part.kind == Kind::Sqlite && !part.is_done() {
        found.push(constraint(part)?);
    }
    Some(found)
}

fn constraint(cursor: &mut Cursor<'_>) -> Option<Constraint> {
    let start = cursor.position();
    let mut name = None;
    if cursor.eat(&["CONSTRAINT"]) {
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        // MySQL lets it have no name.
        if !cursor.sees_one(RESERVED) {
            name = Some(cursor.ident()?);
        }
    }
    let kind = kind(cursor, &mut name)?;
    let behind = cursor.position();
    cursor.until(if cursor.kind == Kind::Sqlite { RESERVED } else { &[] });
    let rest = cursor.between(behind, cursor.position());
    let (not_valid, not_enforced) = (rest.has(&["NOT", "VALID"]), rest.has(&["NOT", "ENFORCED"]));
    Some(Constraint { name, kind, not_valid, not_enforced, span: cursor.span_of(start, cursor.position()) })
}

fn kind(cursor: &mut Cursor<'_>, name: &mut Option<String>) -> Option<ConstraintKind> {
    if cursor.eat(&["PRIMARY", "KEY"]) {
        let (columns, using_index) = key(cursor, name)?;
        Some(ConstraintKind::PrimaryKey { columns, using_index })
    } else if cursor.eat(&["UNIQUE"]) {
        if cursor.kind == Kind::Mysql {
            let _ = cursor.eat_one(&["KEY", "INDEX"]);
        }
        let (columns, using_index) = key(cursor, name)?;
        Some(ConstraintKind::Unique { columns, using_index })
    } else if cursor.eat(&["FOREIGN", "KEY"]) {
        cursor.eat(&["IF", "NOT", "EXISTS"]);
        if let Some(own) = cursor.ident() {
            name.get_or_insert(own);
        }
        let columns = key_columns(cursor)?;
        cursor.eat(&["REFERENCES"]).then_some(())?;
        Some(ConstraintKind::ForeignKey { columns, reference: reference(cursor)? })
    } else if cursor.eat(&["CHECK"]) {
        let mut inner = cursor.brackets()?;
        Some(ConstraintKind::Check { expr: inner.rest().to_owned() })
    } else if cursor.eat(&["NOT", "NULL"]) {
        Some(ConstraintKind::NotNull { column: cursor.ident()? })
    } else if excludes(cursor) {
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
        cursor.eat(&["IF", "NOT", "EXISTS"]);
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

/// True for a part of a table that is one of MySQL's indexes. VECTOR is the name of a column, too.
pub fn is_index(part: &Cursor<'_>) -> bool {
    let is_vector = part.sees(&["VECTOR", "INDEX"]) || part.sees(&["VECTOR", "KEY"]);
    part.kind == Kind::Mysql && (is_vector || part.sees_one(&["KEY", "INDEX", "FULLTEXT", "SPATIAL"]))
}

/// MySQL's `[FULLTEXT|SPATIAL] KEY|INDEX name (columns)` in a table or behind ADD.
pub fn inline_index(cursor: &mut Cursor<'_>, table: &Name) -> Option<IndexDef> {
    let special = cursor.eat_one(&["FULLTEXT", "SPATIAL", "VECTOR"]).map(str::to_owned);
    let _ = cursor.eat_one(&["KEY", "INDEX"]);
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
