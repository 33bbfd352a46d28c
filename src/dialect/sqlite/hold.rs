//! What stands on a table and would break, or change its meaning, without a word from SQLite: objects that dbtool does not manage, and names
//! in double quotes.

use super::lexer::{Kind, Token, significant};
use super::virtual_tables;
use crate::dialect::Context;
use crate::diff::{Changes, TableAlter, TableChange, TableEdit};
use crate::model::{Fill, KeyOf, Name, Table, Unmodelled};
use crate::plan::{Direction, Refusal, mentions};

/// Refuses renames and drops that something else does not survive.
pub fn refuse(changes: &Changes, context: &Context<'_>) -> Result<(), Refusal> {
    // Whether the renames are still to come or are carried out already, the objects know the one name or the other.
    for (from, to) in &changes.renames.tables {
        let what = format!("table {from} cannot be renamed");
        [from, to].into_iter().try_for_each(|name| refuse_under(context, name, None, &what))?;
    }
    for (table, from, to) in &changes.renames.columns {
        let what = format!("column {table}.{from} cannot be renamed");
        [from, to].into_iter().try_for_each(|name| refuse_under(context, table, Some(name), &what))?;
    }
    for (name, edit) in &changes.tables {
        match edit {
            TableEdit::Create(_) => {}
            TableEdit::Drop(table) => refuse_drop(name, table, context)?,
            TableEdit::Alter(alter) => {
                for column in dropped_columns(alter) {
                    refuse_under(context, name, Some(column), &format!("column {name}.{column} cannot be dropped"))?;
                    refuse_quoted(name, alter, column, context)?;
                }
            }
        }
    }
    Ok(())
}

/// Refuses to rebuild a table that says more than the model knows, or that something unmodelled stands on.
pub fn refuse_rebuild(name: &Name, table: &Table, context: &Context<'_>) -> Result<(), Refusal> {
    refuse_unmodelled(name, table)?;
    refuse_under(context, name, None, &format!("table {name} cannot be rebuilt"))
}

/// Dropping is the one thing that an unmodelled table does not survive either: its foreign keys would point nowhere.
fn refuse_drop(name: &Name, table: &Table, context: &Context<'_>) -> Result<(), Refusal> {
    refuse_unmodelled(name, table)?;
    match objects(context).iter().find(|object| stands_on(object, name, None)) {
        Some(object) => Err(held(context, &format!("table {name} cannot be dropped"), object)),
        None => Ok(()),
    }
}

fn refuse_unmodelled(name: &Name, table: &Table) -> Result<(), Refusal> {
    if table.unmodelled.is_empty() {
        return Ok(());
    }
    Err(Refusal {
        message: format!("table {name} cannot be rebuilt or dropped: it has {}, which dbtool does not manage", table.unmodelled.join(", ")),
        help: "write the change by hand in a revision of its own: dbtool revision -m ...".to_owned(),
    })
}

/// SQLite carries a change into the foreign keys of an unmodelled table; it does not carry it into the arguments of a virtual one.
fn refuse_under(context: &Context<'_>, table: &Name, column: Option<&str>, what: &str) -> Result<(), Refusal> {
    match objects(context).iter().find(|object| object.kind != "table" && stands_on(object, table, column)) {
        Some(object) => Err(held(context, what, object)),
        None => Ok(()),
    }
}

/// The unmodelled objects of the live database and its virtual tables, which is where the way up begins and the way down ends.
fn objects(context: &Context<'_>) -> Vec<Unmodelled> {
    let unmodelled = [context.from, context.to].into_iter().flat_map(|schema| schema.unmodelled.iter().chain(schema.ignored.iter())).cloned();
    unmodelled.chain(virtual_tables::standing(context)).collect()
}

fn stands_on(object: &Unmodelled, table: &Name, column: Option<&str>) -> bool {
    object.stands_on.iter().any(|(under, part)| {
        let same_column = match (column, part) {
            (None, _) => true,
            (Some(column), Some(part)) => part.eq_ignore_ascii_case(column),
            (Some(_), None) => false,
        };
        same_column && under.name.eq_ignore_ascii_case(&table.name)
    })
}

fn held(context: &Context<'_>, what: &str, object: &Unmodelled) -> Refusal {
    let way = if context.direction == Direction::Down { "on the way down, " } else { "" };
    Refusal {
        message: format!("{way}{what}: {object} stands on it, into which SQLite carries no change"),
        help: format!("drop {object} by hand in a revision before, and make it again in one behind: dbtool revision -m ..."),
    }
}

fn dropped_columns(alter: &TableAlter) -> impl Iterator<Item = &String> {
    alter.changes.iter().filter_map(|change| if let TableChange::DropColumn(column) = change { Some(column) } else { None })
}

/// A name in double quotes that is no column is a string to SQLite (<https://www.sqlite.org/quirks.html#dblquote>): what names a dropped
/// column that way would go on without an error, and mean something else.
fn refuse_quoted(table: &Name, alter: &TableAlter, column: &str, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(object) = part_that_quotes(&alter.to, column).or_else(|| object_that_quotes(table, column, context)) else { return Ok(()) };
    let spelled = format!("\"{column}\"");
    Err(Refusal {
        message: format!(
            "column {table}.{column} cannot be dropped: {object} names it as {spelled}, which SQLite would read as a string from then on"
        ),
        help: format!("take it out of {object} in the same revision; where a string is meant, write it in single quotes"),
    })
}

/// The part of the table itself, in words.
fn part_that_quotes(table: &Table, column: &str) -> Option<String> {
    let check = table.checks.iter().find(|(_, check)| quotes(&check.expr.text, column)).map(|(name, _)| format!("check {name}"));
    let index = || {
        let reads = |index: &crate::model::Index| {
            let keys = index.parts.iter().filter_map(|part| if let KeyOf::Expr(expr) = &part.key.what { Some(expr) } else { None });
            keys.chain(&index.predicate).any(|sql| quotes(&sql.text, column))
        };
        table.indexes.iter().find(|(_, index)| reads(index)).map(|(name, _)| format!("index {name}"))
    };
    let generated = || {
        let reads = |fill: &Fill| matches!(fill, Fill::Generated { expr, .. } if quotes(&expr.text, column));
        table.columns.iter().find(|(_, shape)| reads(&shape.fill)).map(|(name, _)| format!("generated column {name}"))
    };
    check.or_else(index).or_else(generated)
}

/// The view or trigger that reads the table, itself or through other views, in words.
fn object_that_quotes(table: &Name, column: &str, context: &Context<'_>) -> Option<String> {
    let views: Vec<(&str, &str)> = context.to.views().map(|(name, view)| (name.name.as_str(), view.definition.text.as_str())).collect();
    let reading = reading(vec![table.name.as_str()], &views);
    let reads = |sql: &str| reading.iter().any(|name| mentions(sql, name)) && quotes(sql, column);
    let view = views.iter().find(|(_, query)| reads(query)).map(|(name, _)| format!("view {name}"));
    let trigger = || context.to.triggers().find(|(_, trigger)| reads(&trigger.definition.text)).map(|(id, _)| format!("trigger {}", id.name));
    view.or_else(trigger)
}

/// The names with those of the views that mention one of them, directly or not.
pub fn reading<'a>(mut names: Vec<&'a str>, views: &[(&'a str, &str)]) -> Vec<&'a str> {
    loop {
        let next = views.iter().find(|(view, query)| !names.contains(view) && names.iter().any(|name| mentions(query, name)));
        match next {
            Some((view, _)) => names.push(view),
            None => return names,
        }
    }
}

/// True where `column` stands in double quotes and not in a place where only a name can stand: behind a dot or AS, or before a dot.
fn quotes(sql: &str, column: &str) -> bool {
    let list = significant(sql);
    let is_name = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| list.get(at));
        let is_dot = |token: Option<&Token<'_>>| token.is_some_and(|token| token.is_symbol("."));
        is_dot(before) || is_dot(list.get(at + 1)) || before.is_some_and(|token| token.is_word("as"))
    };
    let is_quoted = |token: &Token<'_>| token.kind == Kind::Quoted && token.text.starts_with('"') && token.unquoted().eq_ignore_ascii_case(column);
    list.iter().enumerate().any(|(at, token)| is_quoted(token) && !is_name(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_that_could_be_a_string_counts() {
        for sql in ["select \"gone\" from t", "\"Gone\" <> 'x'", "insert into log values (\"gone\")"] {
            assert!(quotes(sql, "gone"), "{sql}");
        }
        for sql in ["t.\"gone\" > 0", "gone > 0", "[gone] > 0", "'gone'", "1 as \"gone\"", "\"gone\".a", "\"gone away\""] {
            assert!(!quotes(sql, "gone"), "{sql}");
        }
    }

    #[test]
    fn a_view_on_a_view_reads_the_table() {
        let views = [("w", "select * from v"), ("v", "select a from \"T\""), ("x", "select 1 from u")];
        assert_eq!(reading(vec!["t"], &views), ["t", "v", "w"]);
    }
}
