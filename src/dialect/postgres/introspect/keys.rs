//! Constraints and indexes. A key's index says what its constraint does not: INCLUDE, NULLS NOT DISTINCT, the parts of an exclusion.

use std::collections::HashMap;

use super::catalog::{CLASS, CONSTRAINT, Catalog};
use super::rows;
use super::tables::{Tables, storage};
use crate::dialect::postgres::expr;
use crate::model::{
    Check, Deferrable, Exclusion, ForeignKey, Hint, Index, IndexKey, IndexPart, Key, KeyAction, KeyOf, Name, NullsOrder, Order, PartKind, PrimaryKey,
    Table, Text, Unique,
};

/// The indexes of constraints that are still to come.
#[derive(Default)]
pub struct Owned(HashMap<u32, rows::Index>);

pub fn add_index(tables: &mut Tables, owned: &mut Owned, row: rows::Index, catalog: &mut Catalog) {
    if let Some(view) = tables.view(row.table) {
        view.indexes.insert(row.name.clone(), index(row));
        return;
    }
    let name = tables.name(row.table).cloned();
    let (Some(name), Some(table)) = (name, tables.get(row.table)) else { return };
    note_index(table, &row);
    if row.of_constraint {
        owned.0.insert(row.id, row);
    } else {
        catalog.add(CLASS, row.id, Key::Part(name, PartKind::Index, row.name.clone()));
        table.indexes.insert(row.name.clone(), index(row));
    }
}

pub fn add_constraint(tables: &mut Tables, owned: &mut Owned, row: rows::Constraint, catalog: &mut Catalog) {
    let name = tables.name(row.table).cloned();
    let (Some(name), Some(table)) = (name, tables.get(row.table)) else { return };
    catalog.add(CONSTRAINT, row.id, Key::Part(name, part_kind(&row.kind), row.name.clone()));
    table.unmodelled.extend(row.unmodelled.iter().map(|what| format!("{what} at constraint {}", row.name)));
    // Only a foreign key shares its index with the key that it points at.
    let index = if row.kind == "f" { None } else { row.index.and_then(|id| owned.0.remove(&id)) };
    match row.kind.as_str() {
        "p" => table.primary_key = Some(primary_key(row, index.as_ref())),
        "u" => {
            table.uniques.insert(row.name.clone(), unique(row, index.as_ref()));
        }
        "c" => {
            table.checks.insert(row.name.clone(), check(row));
        }
        "f" => {
            if let Some((name, key)) = foreign_key(row) {
                table.foreign_keys.insert(name, key);
            }
        }
        // The query gives no other kind than `x`.
        _ => {
            if let Some(index) = index {
                table.exclusions.insert(row.name.clone(), exclusion(row, &index));
            }
        }
    }
}

/// `contype`.
fn part_kind(letter: &str) -> PartKind {
    match letter {
        "p" => PartKind::PrimaryKey,
        "u" => PartKind::Unique,
        "c" => PartKind::Check,
        "f" => PartKind::ForeignKey,
        _ => PartKind::Exclusion,
    }
}

/// Says in words what the model cannot tell of an index.
fn note_index(table: &mut Table, row: &rows::Index) {
    if row.clustered {
        table.options.clustered_on = Some(row.name.clone());
    }
    for what in &row.unmodelled {
        table.unmodelled.push(match what.as_str() {
            "invalid" => format!("the invalid index {}, left behind by CREATE INDEX CONCURRENTLY", row.name),
            other => format!("the index {} {other}", row.name),
        });
    }
    if row.of_constraint {
        // A constraint of the model has neither: the clauses WITH and USING INDEX TABLESPACE have no place there.
        if row.storage.is_some() {
            table.unmodelled.push(format!("storage parameters of constraint {}", row.name));
        }
        if row.tablespace.is_some() {
            table.unmodelled.push(format!("the tablespace of constraint {}", row.name));
        }
        if row.comment.is_some() {
            table.unmodelled.push(format!("a comment on the index of constraint {}", row.name));
        }
    }
}

fn index(row: rows::Index) -> Index {
    Index {
        unique: row.unique,
        method: row.method,
        parts: row.parts.iter().filter(|part| !part.included).map(part).collect(),
        include: included(&row.parts),
        predicate: row.predicate.as_deref().map(text),
        nulls_not_distinct: row.nulls_not_distinct,
        storage: storage(row.storage.unwrap_or_default()),
        tablespace: row.tablespace,
        comment: row.comment,
        on_duplicate: Hint::default(),
        short: Hint::default(),
    }
}

fn included(parts: &[rows::Part]) -> Vec<String> {
    parts.iter().filter(|part| part.included).filter_map(|part| part.column.clone()).collect()
}

fn text(expression: &str) -> Text {
    Text::new(expr::unwrap(expression))
}

fn key(part: &rows::Part) -> IndexKey {
    let what = match (&part.column, &part.expression) {
        (Some(column), _) => KeyOf::Column(column.clone()),
        (None, expression) => KeyOf::Expr(text(expression.as_deref().unwrap_or_default())),
    };
    IndexKey { what, collation: part.collation.clone(), opclass: part.opclass.clone() }
}

/// NULLs come last in ascending and first in descending order unless said otherwise.
fn part(part: &rows::Part) -> IndexPart {
    let nulls = match (part.descending, part.nulls_first) {
        (false, true) => Some(NullsOrder::First),
        (true, false) => Some(NullsOrder::Last),
        (false, false) | (true, true) => None,
    };
    IndexPart { key: key(part), length: None, order: if part.descending { Order::Desc } else { Order::Asc }, nulls }
}

fn deferrable(row: &rows::Constraint) -> Deferrable {
    match (row.deferrable, row.deferred) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::InitiallyImmediate,
        (true, true) => Deferrable::InitiallyDeferred,
    }
}

fn primary_key(row: rows::Constraint, index: Option<&rows::Index>) -> PrimaryKey {
    PrimaryKey {
        deferrable: deferrable(&row),
        name: row.name,
        unnamed: Hint::default(),
        columns: row.columns,
        include: index.map(|index| included(&index.parts)).unwrap_or_default(),
        comment: row.comment,
        using: None,
        parts: Vec::new(),
        on_duplicate: Hint::default(),
    }
}

fn unique(row: rows::Constraint, index: Option<&rows::Index>) -> Unique {
    Unique {
        deferrable: deferrable(&row),
        unnamed: Hint::default(),
        columns: row.columns,
        include: index.map(|index| included(&index.parts)).unwrap_or_default(),
        nulls_not_distinct: index.is_some_and(|index| index.nulls_not_distinct),
        comment: row.comment,
        on_duplicate: Hint::default(),
    }
}

fn check(row: rows::Constraint) -> Check {
    // A check on one column may be written at that column.
    let column = match row.columns.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    Check {
        unnamed: Hint::default(),
        expr: text(row.expression.as_deref().unwrap_or_default()),
        no_inherit: row.no_inherit,
        not_valid: row.not_valid,
        not_enforced: false,
        comment: row.comment,
        column: Hint(column),
    }
}

fn foreign_key(row: rows::Constraint) -> Option<(String, ForeignKey)> {
    let deferrable = deferrable(&row);
    let key = ForeignKey {
        unnamed: Hint::default(),
        columns: row.columns,
        target: Name { schema: row.target_schema, name: row.target_table? },
        target_columns: row.target_columns,
        on_update: action(&row.on_update),
        on_delete: action(&row.on_delete),
        on_delete_columns: row.on_delete_columns,
        match_full: row.match_full,
        deferrable,
        not_valid: row.not_valid,
        comment: row.comment,
        on_orphan: Hint::default(),
    };
    Some((row.name, key))
}

/// `confupdtype` and `confdeltype`.
fn action(letter: &str) -> KeyAction {
    match letter {
        "r" => KeyAction::Restrict,
        "c" => KeyAction::Cascade,
        "n" => KeyAction::SetNull,
        "d" => KeyAction::SetDefault,
        _ => KeyAction::NoAction,
    }
}

fn exclusion(row: rows::Constraint, index: &rows::Index) -> Exclusion {
    let deferrable = deferrable(&row);
    let operators = row.operators.unwrap_or_default();
    Exclusion {
        method: index.method.clone(),
        parts: index.parts.iter().filter(|part| !part.included).map(key).zip(operators).collect(),
        include: included(&index.parts),
        predicate: index.predicate.as_deref().map(text),
        deferrable,
        comment: row.comment,
    }
}
