//! The changes of a table that SQLite makes in place.

use super::{Sqlite, render};
use crate::dialect::{Context, Dialect};
use crate::diff::{Part, PartEdit, TableAlter, TableChange};
use crate::model::{Check, Column, Fill, ForeignKey, Index, Name};
use crate::plan::{BackfillOf, Direction, Statement, Step, mentions};

/// The steps, or `None` where one of the changes needs a rebuild: then all of them go into that one rebuild. The
/// indexes in `dropped` are gone already.
pub fn native(name: &Name, alter: &TableAlter, context: &Context<'_>, dropped: &[String]) -> Option<Vec<Step>> {
    let (mut drops, mut columns, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
    for change in &alter.changes {
        match change {
            TableChange::AddColumn(column) => columns.extend(add_column(name, alter, column, context)?),
            // https://www.sqlite.org/changes.html, 3.35.0.
            TableChange::DropColumn(_) if (1..3_035_000).contains(&context.style.server_version) => return None,
            TableChange::DropColumn(column) => columns.push(drop_column(name, alter, column)?),
            TableChange::Part(part_name, edit) => match edit {
                PartEdit::Add(Part::Index(index)) => indexes.push(create_index(name, alter, part_name, index, context)),
                PartEdit::Drop(Part::Index(_)) if dropped.contains(part_name) => {}
                PartEdit::Drop(Part::Index(_)) => drops.push(drop_index(part_name)),
                PartEdit::Replace { from: Part::Index(_), to: Part::Index(index) } => {
                    drops.push(drop_index(part_name));
                    indexes.push(create_index(name, alter, part_name, index, context));
                }
                PartEdit::Rename { from, part: Part::Index(index) } => {
                    drops.push(drop_index(from));
                    indexes.push(create_index(name, alter, part_name, index, context));
                }
                // A constraint on nothing but a new column comes with it.
                PartEdit::Add(part) if inline_column(alter, part).is_some() => {}
                _ => return None,
            },
            // SQLite keeps neither comments nor privileges.
            TableChange::Comment | TableChange::Grants => {}
            TableChange::AlterColumn(_, _) | TableChange::Options => return None,
        }
    }
    drops.extend(columns);
    drops.extend(indexes);
    Some(drops)
}

/// The new column in whose definition a constraint can stand.
fn inline_column<'a>(alter: &'a TableAlter, part: &Part) -> Option<&'a str> {
    let only = match part {
        Part::ForeignKey(key) if key.columns.len() == 1 => alter.to.columns.get_key_value(&key.columns[0]).map(|(name, _)| name.as_str()),
        Part::Check(check) => {
            let mut read = alter.to.columns.keys().filter(|column| mentions(&check.expr.key, column));
            let first = read.next().map(String::as_str);
            if read.next().is_some() { None } else { first }
        }
        _ => None,
    };
    only.filter(|column| alter.adds_column(column))
}

/// ADD COLUMN, unless the engine refuses it: NOT NULL without a constant default, a default that is an expression, a stored generated
/// column, a key, or a foreign key with a default.
fn add_column(name: &Name, alter: &TableAlter, column: &str, context: &Context<'_>) -> Option<Vec<Step>> {
    let shape = &alter.to.columns[column];
    let inline = || alter.changes.iter().filter_map(added_part).filter(|(_, part)| inline_column(alter, part) == Some(column));
    let checks: Vec<(&str, &Check)> =
        inline().filter_map(|(name, part)| if let Part::Check(check) = part { Some((name, check)) } else { None }).collect();
    let mut keys = inline().filter_map(|(name, part)| if let Part::ForeignKey(key) = part { Some((name, key)) } else { None });
    let foreign_key: Option<(&str, &ForeignKey)> = keys.next();
    if keys.next().is_some() {
        return None;
    }
    let fits = match &shape.fill {
        Fill::None => shape.nullable,
        Fill::Default(text) => is_constant(&text.key) && (shape.nullable || !text.key.eq_ignore_ascii_case("null")) && foreign_key.is_none(),
        Fill::Generated { stored, .. } => !stored && foreign_key.is_none(),
        Fill::Identity(_) => false,
    };
    // A fill that the new checks might not allow before it has run is left to a rebuild, which computes it in one go.
    let fill = shape.hints.backfill.as_ref().filter(|_| context.direction == Direction::Up);
    if !fits || (fill.is_some() && !checks.is_empty()) {
        return None;
    }
    let added = format!("ALTER TABLE {} ADD COLUMN {}", Sqlite.name(name), render::add_column(column, shape, &checks, foreign_key));
    let mut steps = vec![Step::of(format!("add {name}.{column}"), [added])];
    if let Some(fill) = fill {
        let (table, quoted) = (Sqlite.name(name), Sqlite.quote(column));
        let condition = if matches!(shape.fill, Fill::None) { format!("{quoted} IS NULL") } else { "1 = 1".to_owned() };
        let sql = format!("UPDATE {table} SET {quoted} = {} WHERE {condition} /* dbtool:range {table} */", fill.sql);
        let key = alter.to.key_columns().iter().map(|column| Sqlite.quote(column)).collect();
        let of = BackfillOf { table, key, batch: fill.batch, verify: None };
        steps.push(Step::new(format!("fill {name}.{column}"), vec![Statement::backfill(sql, of)]));
    }
    Some(steps)
}

/// The new columns whose fill is an UPDATE of the table as it is.
pub fn filled_columns(alter: &TableAlter) -> Vec<String> {
    let added = alter.to.columns.iter().filter(|(column, shape)| alter.adds_column(column) && shape.hints.backfill.is_some());
    added.map(|(column, _)| column.clone()).collect()
}

fn added_part(change: &TableChange) -> Option<(&str, &Part)> {
    match change {
        TableChange::Part(name, PartEdit::Add(part)) => Some((name, part)),
        _ => None,
    }
}

/// True for a default that ADD COLUMN takes on a table with rows: a literal, signed or not. CURRENT_TIMESTAMP and expressions are refused.
pub(super) fn is_constant(key: &str) -> bool {
    let key = key.trim();
    let number = key.trim_start_matches(['+', '-', ' ']);
    let quoted = key.starts_with('\'') && key.ends_with('\'') && key.len() > 1 && !key[1..key.len() - 1].replace("''", "").contains('\'');
    let blob = (key.starts_with("x'") || key.starts_with("X'")) && key.ends_with('\'');
    quoted || blob || number.parse::<f64>().is_ok() || ["null", "true", "false"].iter().any(|word| key.eq_ignore_ascii_case(word))
}

/// DROP COLUMN, unless the column is in a key or something else of the table reads it.
fn drop_column(name: &Name, alter: &TableAlter, column: &str) -> Option<Step> {
    let dropped_index = |part_name: &str| {
        alter.changes.iter().any(|change| match change {
            TableChange::Part(other, PartEdit::Drop(Part::Index(_)) | PartEdit::Replace { from: Part::Index(_), .. }) => other == part_name,
            TableChange::Part(_, PartEdit::Rename { from, part: Part::Index(_) }) => from == part_name,
            _ => false,
        })
    };
    let held = crate::diff::parts(&alter.from).iter().any(|(part_name, part)| {
        let reads = part.columns().contains(&column) || part.expressions().iter().any(|sql| mentions(sql, column));
        reads && !(matches!(part, Part::Index(_)) && dropped_index(part_name))
    });
    let reads = |shape: &Column| matches!(&shape.fill, Fill::Generated { expr, .. } if mentions(&expr.key, column));
    let read = alter.from.columns.iter().any(|(other, shape)| other != column && reads(shape));
    if held || read {
        return None;
    }
    Some(Step::of(format!("drop {name}.{column}"), [format!("ALTER TABLE {} DROP COLUMN {}", Sqlite.name(name), Sqlite.quote(column))]))
}

/// CREATE INDEX, with the rows that repeat a unique one taken out before where schema.toml says so.
fn create_index(table: &Name, alter: &TableAlter, name: &str, index: &Index, context: &Context<'_>) -> Step {
    let mut statements: Vec<Statement> = super::fixup::deduplicate(table, alter, &Part::Index(index.clone()), context).into_iter().collect();
    statements.push(Statement::new(render::create_index(table, name, index)));
    Step::new(format!("index {name}"), statements)
}

fn drop_index(name: &str) -> Step {
    Step::of(format!("drop index {name}"), [format!("DROP INDEX {}", Sqlite.quote(name))])
}
