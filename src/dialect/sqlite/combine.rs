//! Fix-ups that would look at values which the same revision changes, or delete rows behind the back of foreign keys. Each of them is right
//! on its own, so the way out is a revision more.

use super::{fixup, types};
use crate::dialect::Context;
use crate::diff::{Part, TableAlter};
use crate::model::{Check, Column, Fill, KeyAction, Name, OnOrphan, Table};
use crate::plan::{Direction, Refusal, mentions};

const BY_HAND: &str = "take the rows out by hand in a revision before: dbtool revision -m ...";

/// Refuses what the changes of one table cannot do together. `rebuilt` tells that foreign keys are off meanwhile.
pub fn refuse(table: &Name, alter: &TableAlter, context: &Context<'_>, rebuilt: bool) -> Result<(), Refusal> {
    if context.direction == Direction::Down {
        return Ok(());
    }
    for (name, part) in fixup::added_parts(alter) {
        match part {
            Part::Check(check) => stale_check(table, alter, name, check)?,
            Part::ForeignKey(key) if rebuilt && *key.on_orphan == OnOrphan::Delete => followed(table, name, context, BY_HAND)?,
            part if fixup::deletes_repeated(alter, part, context) => {
                stale_key(table, alter, name, part)?;
                if rebuilt {
                    followed(table, name, context, deletion_help(part))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn deletion_help(part: &Part) -> &'static str {
    match part {
        Part::Index(_) => "make the index in a revision of its own",
        _ => "make the key as a unique index in a revision of its own, or take the rows out by hand in a revision before: dbtool revision -m ...",
    }
}

/// Rows are compared before the table takes its new shape, so what they are compared by has to be there, and to be what it will be.
fn stale_key(table: &Name, alter: &TableAlter, name: &str, part: &Part) -> Result<(), Refusal> {
    let (columns, expressions) = (part.columns(), part.expressions());
    let is_read = |column: &str| columns.contains(&column) || expressions.iter().any(|sql| mentions(sql, column));
    let stale = alter.to.columns.keys().find(|column| is_read(column) && (changes_values(alter, column) || is_filled(alter, column)));
    if let Some(column) = stale {
        return Err(Refusal {
            message: format!("{name} cannot keep one row of each while {table}.{column} is new or converted in the same revision"),
            help: "add or convert the column in one revision and the key in the next".to_owned(),
        });
    }
    if fixup::row_name(alter).is_none() {
        return Err(Refusal {
            message: format!(
                "{name} cannot keep one row of each: columns of {table} have all names of the rowid, so no row can be told from another"
            ),
            help: format!("rename the column oid in a revision before, or {BY_HAND}"),
        });
    }
    Ok(())
}

/// A check decides on the old values which rows get the backfill, so none of its columns may get another value meanwhile.
fn stale_check(table: &Name, alter: &TableAlter, name: &str, check: &Check) -> Result<(), Refusal> {
    let involved: Vec<(&String, &Column)> = alter.to.columns.iter().filter(|(column, _)| mentions(&check.expr.key, column)).collect();
    let is_tested = involved.iter().any(|(column, shape)| alter.from.columns.contains_key(*column) && shape.hints.backfill.is_some());
    let stale = involved.iter().find(|(column, _)| is_tested && changes_values(alter, column));
    let Some((column, _)) = stale else { return Ok(()) };
    Err(Refusal {
        message: format!("the backfill for {name} cannot tell which rows fail it while {table}.{column} is new or converted in the same revision"),
        help: "add or convert the column in one revision and add the check in the next".to_owned(),
    })
}

/// True where rows do not hold before the revision what they hold after it: the column is new, or converted, or computed from such a one.
fn changes_values(alter: &TableAlter, column: &str) -> bool {
    let (Some(from), Some(to)) = (alter.from.columns.get(column), alter.to.columns.get(column)) else { return true };
    let retyped = from.ty != to.ty && (to.hints.using.is_some() || !types::same_affinity(&from.ty.key, &to.ty.key));
    let recomputed = match &to.fill {
        Fill::Generated { expr, .. } => {
            let other_changes = |other: &String| other != column && mentions(&expr.key, other) && changes_values(alter, other);
            from.fill != to.fill || alter.to.columns.keys().any(other_changes)
        }
        Fill::None | Fill::Default(_) | Fill::Identity(_) => false,
    };
    retyped || recomputed || from.collation != to.collation
}

/// True where the backfill replaces values that are there: NULLs of a column that becomes required, and what a new check forbids.
fn is_filled(alter: &TableAlter, column: &str) -> bool {
    let (Some(from), Some(to)) = (alter.from.columns.get(column), alter.to.columns.get(column)) else { return false };
    let forbids = |(_, part): (&str, &Part)| matches!(part, Part::Check(check) if mentions(&check.expr.key, column));
    to.hints.backfill.is_some() && (from.nullable && !to.nullable || fixup::added_parts(alter).any(forbids))
}

/// A table is rebuilt with foreign keys off, so that nothing follows the rows that are deleted. A key that would only have refused the
/// deletion is made good by the assertion before the commit.
fn followed(table: &Name, name: &str, context: &Context<'_>, help: &str) -> Result<(), Refusal> {
    let follows = |shape: &Table| {
        let acts = |action| matches!(action, KeyAction::Cascade | KeyAction::SetNull | KeyAction::SetDefault);
        shape.foreign_keys.values().any(|key| key.target.name.eq_ignore_ascii_case(&table.name) && acts(key.on_delete))
    };
    let child = context.to.tables.iter().find(|(child, shape)| follows(shape) || context.from.tables.get(*child).is_some_and(follows));
    let Some((child, _)) = child else { return Ok(()) };
    Err(Refusal {
        message: format!("{name} cannot delete rows of {table}: it has to be rebuilt with foreign keys off, and rows of {child} point at them"),
        help: help.to_owned(),
    })
}
