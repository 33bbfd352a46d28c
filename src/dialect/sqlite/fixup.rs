//! What becomes of rows that stand in the way of a key or a foreign key, in SQLite's words.

use super::{Sqlite, render};
use crate::dialect::{Context, Dialect};
use crate::diff::{Part, PartEdit, TableAlter, TableChange};
use crate::model::{Fill, ForeignKey, KeyOf, Name, OnDuplicate, OnOrphan, Table};
use crate::plan::{Direction, Statement};

/// The parts that are new or other than they were, with their names.
pub fn added_parts(alter: &TableAlter) -> impl Iterator<Item = (&str, &Part)> {
    alter.changes.iter().filter_map(|change| match change {
        TableChange::Part(name, PartEdit::Add(part) | PartEdit::Replace { to: part, .. }) => Some((name.as_str(), part)),
        _ => None,
    })
}

/// True where rows that repeat the new key are to be deleted. A new column that nothing fills is NULL in every row, and NULLs repeat nothing.
pub fn deletes_repeated(alter: &TableAlter, part: &Part, context: &Context<'_>) -> bool {
    let on_duplicate = match part {
        Part::PrimaryKey(key) => *key.on_duplicate,
        Part::Unique(key) => *key.on_duplicate,
        Part::Index(index) if index.unique => *index.on_duplicate,
        Part::Index(_) | Part::Check(_) | Part::ForeignKey(_) | Part::Exclusion(_) => return false,
    };
    let is_empty = |column: &&str| {
        let shape = alter.to.columns.get(*column).filter(|_| alter.adds_column(column));
        shape.is_some_and(|shape| shape.nullable && matches!(shape.fill, Fill::None) && shape.hints.backfill.is_none())
    };
    let keeps = matches!(on_duplicate, OnDuplicate::KeepFirst | OnDuplicate::KeepLast);
    keeps && context.direction == Direction::Up && !part.columns().iter().any(is_empty)
}

/// Keeps the first or the last row of those that repeat a new primary key, unique constraint or unique index. An index may have expressions
/// for keys and look at some rows only.
pub fn deduplicate(table: &Name, alter: &TableAlter, part: &Part, context: &Context<'_>) -> Option<Statement> {
    if !deletes_repeated(alter, part, context) {
        return None;
    }
    let (keys, predicate, on_duplicate) = match part {
        Part::PrimaryKey(key) => (quoted(&key.columns), None, *key.on_duplicate),
        Part::Unique(key) => (quoted(&key.columns), None, *key.on_duplicate),
        Part::Index(index) => {
            let keys = index.parts.iter().map(|part| {
                let key = match &part.key.what {
                    KeyOf::Column(column) => Sqlite.quote(column),
                    KeyOf::Expr(expr) => format!("({})", expr.key),
                };
                part.key.collation.as_ref().map_or(key.clone(), |collation| format!("{key} COLLATE {}", Sqlite.quote(collation)))
            });
            (keys.collect(), index.predicate.as_ref().map(|predicate| predicate.text.as_str()), *index.on_duplicate)
        }
        Part::Check(_) | Part::ForeignKey(_) | Part::Exclusion(_) => return None,
    };
    let direction = if on_duplicate == OnDuplicate::KeepLast { "DESC" } else { "ASC" };
    delete_repeated(table, alter, &keys, predicate, direction)
}

fn delete_repeated(table: &Name, alter: &TableAlter, keys: &[String], predicate: Option<&str>, direction: &str) -> Option<Statement> {
    let row = row_name(alter)?;
    let order = if alter.from.key_columns().is_empty() { row.clone() } else { quoted(alter.from.key_columns()) };
    let order = order.iter().map(|column| format!("{column} {direction}")).collect::<Vec<_>>().join(", ");
    let mut conditions: Vec<String> = keys.iter().map(|key| format!("{key} IS NOT NULL")).collect();
    conditions.extend(predicate.map(|predicate| format!("({predicate})")));
    let (name, row) = (Sqlite.name(table), row.join(", "));
    Some(Statement::new(format!(
        "DELETE FROM {name} WHERE ({row}) IN (\n  SELECT {row} FROM (SELECT {row}, row_number() OVER (PARTITION BY {} ORDER BY {order}) AS place FROM {name} WHERE {})\n  WHERE place > 1\n)",
        keys.join(", "),
        conditions.join(" AND ")
    )))
}

/// What tells one row from every other: the key of a table without rowids, the rowid under a name that reaches it otherwise. `None` where
/// columns have taken all of its names.
pub fn row_name(alter: &TableAlter) -> Option<Vec<String>> {
    if alter.from.options.without_rowid {
        return Some(quoted(alter.from.key_columns()));
    }
    let rowid = render::rowid_column(&alter.from).map(|column| Sqlite.quote(column));
    rowid.or_else(|| hidden_rowid([&alter.from, &alter.to]).map(str::to_owned)).map(|name| vec![name])
}

/// A name of the rowid that is no column of either shape: a column of that name hides it.
/// <https://www.sqlite.org/lang_createtable.html#rowid>
pub fn hidden_rowid(shapes: [&Table; 2]) -> Option<&'static str> {
    let free = |name: &&str| shapes.iter().all(|table| table.columns.keys().all(|column| !column.eq_ignore_ascii_case(name)));
    ["rowid", "_rowid_", "oid"].into_iter().find(free)
}

/// Deletes or lets go of rows that point nowhere. Foreign keys are off while it runs, and asserted before the commit.
pub fn adopt_orphans(table: &Name, key: &ForeignKey, context: &Context<'_>) -> Option<Statement> {
    if context.direction == Direction::Down {
        return None;
    }
    let (child, parent) = (Sqlite.name(table), Sqlite.name(&key.target));
    let columns = quoted(&key.columns);
    let set = columns.iter().map(|column| format!("{child}.{column} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
    let pairs = columns.iter().zip(quoted(&key.target_columns)).map(|(column, target)| format!("dbtool_parent.{target} = {child}.{column}"));
    let orphan = format!("{set} AND NOT EXISTS (SELECT 1 FROM {parent} AS dbtool_parent WHERE {})", pairs.collect::<Vec<_>>().join(" AND "));
    match *key.on_orphan {
        OnOrphan::Delete => Some(Statement::new(format!("DELETE FROM {child} WHERE {orphan}"))),
        OnOrphan::SetNull => {
            let nulls = columns.iter().map(|column| format!("{column} = NULL")).collect::<Vec<_>>().join(", ");
            Some(Statement::new(format!("UPDATE {child} SET {nulls} WHERE {orphan}")))
        }
        OnOrphan::Unsaid | OnOrphan::Error => None,
    }
}

fn quoted(columns: &[String]) -> Vec<String> {
    columns.iter().map(|column| Sqlite.quote(column)).collect()
}
