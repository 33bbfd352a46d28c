//! What changes rows: UPDATE, DELETE, INSERT, MERGE, also where WITH stands before it or has it in itself.

use super::action::{Action, Dml};
use super::cursor::Cursor;
use super::other::other;
use super::select::is_query;
use crate::dialect::Kind;
use crate::model::Name;

/// WITH, and the statement behind it. PostgreSQL lets it change rows itself.
pub fn with(cursor: &mut Cursor<'_>) -> Option<Vec<Action>> {
    let verbs = &["SELECT", "UPDATE", "DELETE", "INSERT", "REPLACE", "MERGE", "VALUES", "TABLE"];
    let mut found = Vec::new();
    cursor.step();
    cursor.eat(&["RECURSIVE"]);
    // The name may be any word.
    cursor.step();
    while !cursor.is_done() && !cursor.sees_one(verbs) {
        if cursor.eat(&[","]) {
            cursor.step();
        } else if cursor.eat(&["AS"]) {
            cursor.eat(&["NOT"]);
            cursor.eat(&["MATERIALIZED"]);
            let mut query = cursor.brackets()?;
            if query.sees_one(&["UPDATE", "DELETE", "INSERT", "MERGE"]) {
                found.extend(other(&mut query)?);
            }
        } else if is_query(cursor) {
            break;
        } else {
            cursor.step();
        }
    }
    found.extend(other(cursor)?);
    Some(found)
}

/// UPDATE; the cursor stands before the word. MySQL changes several tables at once.
pub fn update(cursor: &mut Cursor<'_>) -> Option<Vec<Dml>> {
    cursor.step();
    if cursor.kind == Kind::Sqlite && cursor.eat(&["OR"]) {
        cursor.step();
    }
    if cursor.kind == Kind::Mysql {
        while cursor.eat_one(&["LOW_PRIORITY", "IGNORE"]).is_some() {}
    }
    let start = cursor.position();
    let first = cursor.clone().table();
    cursor.until(&["SET"]);
    let tables = if cursor.kind == Kind::Mysql { tables(cursor.between(start, cursor.position())) } else { Vec::new() };
    cursor.eat(&["SET"]).then_some(())?;
    let start = cursor.position();
    cursor.until(&["WHERE", "FROM", "RETURNING", "ORDER", "LIMIT"]);
    let mut changes: Vec<Dml> = Vec::new();
    let first = tables.first().map(|(table, _)| table.clone()).or(first)?;
    for (owner, column) in assigned(&cursor.between(start, cursor.position())) {
        let table = owner.filter(|_| cursor.kind == Kind::Mysql).and_then(|owner| named(&tables, &owner)).unwrap_or_else(|| first.clone());
        match changes.iter_mut().find(|change| change.table == table) {
            Some(change) => change.columns.push(column),
            None => changes.push(Dml { table, columns: vec![column], filter: None }),
        }
    }
    if changes.is_empty() {
        changes.push(Dml { table: first, columns: Vec::new(), filter: None });
    }
    let filter = filter(cursor);
    changes.iter_mut().for_each(|change| change.filter.clone_from(&filter));
    Some(changes)
}

/// The columns that SET assigns, each with what stands before its point.
fn assigned(list: &Cursor<'_>) -> Vec<(Option<String>, String)> {
    let mut found = Vec::new();
    for mut part in list.parts() {
        if let Some(columns) = part.brackets() {
            found.extend(columns.parts().into_iter().filter_map(|mut part| part.ident()).map(|column| (None, column)));
        } else if let Some(column) = part.name() {
            found.push((column.schema, column.name));
        }
    }
    found
}

/// DELETE; the cursor stands before the word.
pub fn delete(cursor: &mut Cursor<'_>) -> Option<Vec<Dml>> {
    cursor.step();
    let tables = if cursor.kind == Kind::Mysql {
        deleted(cursor)?
    } else {
        cursor.eat(&["FROM"]);
        vec![cursor.table()?]
    };
    let filter = filter(cursor);
    Some(tables.into_iter().map(|table| Dml { table, columns: Vec::new(), filter: filter.clone() }).collect())
}

/// The tables that lose rows. MySQL names several, each by its alias where it has one: `DELETE a, b FROM ...`, `DELETE FROM a, b USING ...`.
fn deleted(cursor: &mut Cursor<'_>) -> Option<Vec<Name>> {
    while cursor.eat_one(&["LOW_PRIORITY", "QUICK", "IGNORE"]).is_some() {}
    // MariaDB forgets the old versions of rows so, where no table has that name.
    if cursor.sees(&["HISTORY", "FROM"]) {
        let mut ahead = cursor.clone();
        ahead.until(&["FROM"]);
        ahead.step();
        if named(&tables(ahead), "HISTORY").is_none() {
            cursor.step();
        }
    }
    let is_behind = cursor.eat(&["FROM"]);
    let mut targets = Vec::new();
    loop {
        targets.push(cursor.name()?);
        cursor.eat(&[".", "*"]);
        if !cursor.eat(&[","]) {
            break;
        }
    }
    if !cursor.eat(&[if is_behind { "USING" } else { "FROM" }]) {
        return Some(targets);
    }
    let start = cursor.position();
    cursor.until(&["WHERE", "ORDER", "LIMIT", "RETURNING"]);
    let tables = tables(cursor.between(start, cursor.position()));
    let meant = |target: Name| if target.schema.is_some() { target } else { named(&tables, &target.name).unwrap_or(target) };
    Some(targets.into_iter().map(meant).collect())
}

/// The tables behind FROM or UPDATE of MySQL, each with the word behind it, which is its alias if anything names it so.
fn tables(mut cursor: Cursor<'_>) -> Vec<(Name, Option<String>)> {
    let mut found = Vec::new();
    while !cursor.is_done() {
        if let Some(inner) = cursor.brackets() {
            if !is_query(&inner) {
                found.extend(tables(inner));
            }
        } else if let Some(table) = cursor.name() {
            if cursor.eat(&["PARTITION"]) {
                cursor.brackets();
            }
            cursor.eat(&["AS"]);
            found.push((table, cursor.clone().ident()));
        }
        cursor.until(&[",", "JOIN", "STRAIGHT_JOIN"]);
        cursor.step();
    }
    found
}

/// The table that a name or an alias means.
fn named(tables: &[(Name, Option<String>)], name: &str) -> Option<Name> {
    let by_alias = tables.iter().find(|(_, alias)| alias.as_ref().is_some_and(|alias| alias.eq_ignore_ascii_case(name)));
    let found = by_alias.or_else(|| tables.iter().find(|(table, _)| table.name.eq_ignore_ascii_case(name)));
    found.map(|(table, _)| table.clone())
}

fn filter(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.until(&["WHERE"]);
    cursor.eat(&["WHERE"]).then(|| cursor.until(&["RETURNING", "ORDER", "LIMIT"]).to_owned())
}

/// INSERT and REPLACE; the cursor stands before the word.
pub fn insert(cursor: &mut Cursor<'_>) -> Option<Action> {
    cursor.step();
    if cursor.kind == Kind::Sqlite && cursor.eat(&["OR"]) {
        cursor.step();
    }
    if cursor.kind == Kind::Mysql {
        while cursor.eat_one(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE"]).is_some() {}
    }
    cursor.eat(&["INTO"]);
    let table = cursor.name()?;
    while !cursor.is_done() && !cursor.sees_one(&["VALUES", "VALUE", "SET", "DEFAULT"]) {
        if cursor.sees(&["TABLE"]) || is_query(cursor) {
            return Some(Action::Insert { table, from_query: true });
        }
        // OVERRIDING SYSTEM VALUE
        let width = if cursor.sees(&["OVERRIDING"]) { 3 } else { 1 };
        (0..width).for_each(|_| cursor.step());
    }
    Some(Action::Insert { table, from_query: false })
}

/// MERGE; the cursor stands before the word.
pub fn merge(cursor: &mut Cursor<'_>) -> Option<Action> {
    cursor.step();
    cursor.eat(&["INTO"]);
    Some(Action::Update(Dml { table: cursor.table()?, columns: Vec::new(), filter: None }))
}
