//! Changes that would lose something, or that neither server can make.

use crate::dialect::Context;
use crate::dialect::mysql::is_mariadb;
use crate::diff::{Changes, Edit, TableChange, TableEdit};
use crate::model::{Column, Fill, Name};
use crate::plan::{Refusal, mentions};

/// # Errors
/// The first thing that stands in the way, with the way out.
pub(super) fn refuse(changes: &Changes, context: &Context<'_>) -> Result<(), Refusal> {
    let version = context.style.server_version;
    refuse_under_others(changes, context)?;
    if is_mariadb(version) {
        refuse_on_mariadb(changes)?;
    } else if version > 0 {
        refuse_on_mysql(changes)?;
    }
    for (name, edit) in &changes.tables {
        match edit {
            TableEdit::Create(_) => {}
            TableEdit::Drop(table) => unmodelled(name, &format!("table {name} is to go"), &table.unmodelled)?,
            TableEdit::Alter(alter) => {
                for change in &alter.changes {
                    let (what, words): (String, Vec<String>) = match change {
                        TableChange::DropColumn(column) | TableChange::AlterColumn(column, _) => {
                            let about = |words: &&String| mentions(words, column) || words.starts_with('`');
                            (format!("{name}.{column} changes"), alter.from.unmodelled.iter().filter(about).cloned().collect())
                        }
                        TableChange::Options => (format!("the options of {name} change"), alter.from.unmodelled.iter().cloned().collect()),
                        TableChange::AddColumn(_) | TableChange::Part(..) | TableChange::Comment | TableChange::Grants => continue,
                    };
                    unmodelled(name, &what, &words)?;
                }
            }
        }
    }
    Ok(())
}

/// Refuses to take away or retype what something stands on that is left to others, or that dbtool has no word for.
fn refuse_under_others(changes: &Changes, context: &Context<'_>) -> Result<(), Refusal> {
    let others = || context.from.unmodelled.iter().chain(context.from.ignored.iter());
    let stands = |table: &Name, column: Option<&String>| {
        others().find(|object| object.stands_on.iter().any(|(t, c)| t == table && (column.is_none() || c.as_ref() == column)))
    };
    for (name, edit) in &changes.tables {
        let found = match edit {
            TableEdit::Create(_) => None,
            TableEdit::Drop(_) => stands(name, None).map(|object| (format!("table {name}"), object)),
            TableEdit::Alter(alter) => alter.changes.iter().find_map(|change| match change {
                TableChange::DropColumn(column) => stands(name, Some(column)).map(|object| (format!("column {name}.{column}"), object)),
                _ => None,
            }),
        };
        if let Some((what, object)) = found {
            return Err(Refusal {
                message: format!("{what} cannot be dropped: {object} stands on it, which dbtool leaves to others"),
                help: "change or drop that by hand first".to_owned(),
            });
        }
    }
    Ok(())
}

/// What only MariaDB has.
fn refuse_on_mysql(changes: &Changes) -> Result<(), Refusal> {
    if let Some((name, Edit::Create(_))) = changes.sequences.first() {
        return Err(Refusal {
            message: format!("sequence {name}: MySQL has no sequences"),
            help: "use an identity column, or a table of one row".to_owned(),
        });
    }
    for (name, edit) in &changes.tables {
        if let TableEdit::Create(table) = edit
            && table.options.system_versioning
        {
            return Err(Refusal {
                message: format!("table {name} has system_versioning, which MySQL does not have"),
                help: "take it out, or keep what rows were in a table of its own".to_owned(),
            });
        }
    }
    Ok(())
}

/// What only MySQL has, and what MariaDB would make of something else.
fn refuse_on_mariadb(changes: &Changes) -> Result<(), Refusal> {
    for (name, edit) in &changes.tables {
        let table = match edit {
            TableEdit::Create(table) => table,
            TableEdit::Alter(alter) => &alter.to,
            TableEdit::Drop(_) => continue,
        };
        let on_expression = table.indexes.iter().find(|(_, index)| index.parts.iter().any(|part| part.key.expression().is_some()));
        if let Some((index, _)) = on_expression {
            return Err(Refusal {
                message: format!("index {index} of {name} is on an expression, which MariaDB does not have"),
                help: "make a column that is generated from the expression (stored = false), and index that".to_owned(),
            });
        }
        let invented = |shape: &Column| {
            shape.ty.key.starts_with("timestamp") && !shape.nullable && shape.options.on_update.is_some() && shape.fill == Fill::None
        };
        if let Some((column, _)) = table.columns.iter().find(|(_, shape)| invented(shape)) {
            return Err(Refusal {
                message: format!("MariaDB gives {name}.{column} the default '0000-00-00 00:00:00' if nothing is said"),
                help: "say one: default = { sql = \"CURRENT_TIMESTAMP\" }".to_owned(),
            });
        }
        if let Some((check, _)) = table.checks.iter().find(|(_, check)| check.not_enforced) {
            return Err(Refusal {
                message: format!("check {check} of {name} is not enforced, which MariaDB does not have"),
                help: "take it out, or let it hold".to_owned(),
            });
        }
    }
    Ok(())
}

fn unmodelled(name: &Name, what: &str, words: &[String]) -> Result<(), Refusal> {
    let Some(first) = words.first() else { return Ok(()) };
    Err(Refusal {
        message: format!("{what}, and the table has what dbtool has no word for: {first}"),
        help: format!("make this change of {name} by hand: dbtool revision -m ..."),
    })
}
