//! What becomes of rows that stand in the way of a key or a foreign key, in SQLite's words.

use super::Sqlite;
use crate::dialect::{Context, Dialect};
use crate::diff::Part;
use crate::model::{ForeignKey, Index, Name, OnDuplicate, OnOrphan};
use crate::plan::{Direction, Statement};

/// Keeps the first or the last row of those that repeat the key of a new unique or primary key.
pub fn deduplicate(table: &Name, part: &Part, context: &Context<'_>) -> Vec<Statement> {
    match part {
        Part::PrimaryKey(key) => delete_repeated(table, &quoted(&key.columns), None, *key.on_duplicate, context),
        Part::Unique(key) => delete_repeated(table, &quoted(&key.columns), None, *key.on_duplicate, context),
        Part::Index(_) | Part::Check(_) | Part::ForeignKey(_) | Part::Exclusion(_) => Vec::new(),
    }
}

/// The same for a unique index, whose keys may be expressions and which may look at some rows only.
pub fn deduplicate_index(table: &Name, index: &Index, context: &Context<'_>) -> Vec<Statement> {
    if !index.unique {
        return Vec::new();
    }
    let keys: Vec<String> = index
        .parts
        .iter()
        .map(|part| part.key.column_name().map_or_else(|| format!("({})", part.key.expression().unwrap_or_default()), |column| Sqlite.quote(column)))
        .collect();
    delete_repeated(table, &keys, index.predicate.as_ref().map(|p| p.text.as_str()), *index.on_duplicate, context)
}

fn delete_repeated(table: &Name, keys: &[String], predicate: Option<&str>, on_duplicate: OnDuplicate, context: &Context<'_>) -> Vec<Statement> {
    let Some(shape) = context.from.tables.get(table).filter(|_| context.direction == Direction::Up) else { return Vec::new() };
    let direction = match on_duplicate {
        OnDuplicate::KeepFirst => "ASC",
        OnDuplicate::KeepLast => "DESC",
        OnDuplicate::Unsaid | OnDuplicate::Error => return Vec::new(),
    };
    let row = if shape.options.without_rowid { quoted(shape.key_columns()) } else { vec!["rowid".to_owned()] };
    let order = if shape.key_columns().is_empty() { row.clone() } else { quoted(shape.key_columns()) };
    let order = order.iter().map(|column| format!("{column} {direction}")).collect::<Vec<_>>().join(", ");
    let mut conditions: Vec<String> = keys.iter().map(|key| format!("{key} IS NOT NULL")).collect();
    conditions.extend(predicate.map(|predicate| format!("({predicate})")));
    let (name, row) = (Sqlite.name(table), row.join(", "));
    vec![Statement::new(format!(
        "DELETE FROM {name} WHERE ({row}) IN (\n  SELECT {row} FROM (SELECT {row}, row_number() OVER (PARTITION BY {} ORDER BY {order}) AS place FROM {name} WHERE {})\n  WHERE place > 1\n)",
        keys.join(", "),
        conditions.join(" AND ")
    ))]
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
