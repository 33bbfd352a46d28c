//! Changes that would lose something, or that neither server can make.

use crate::dialect::mysql::is_mariadb;
use crate::diff::{Changes, TableChange, TableEdit};
use crate::model::Name;
use crate::plan::{Refusal, mentions};

/// # Errors
/// The first thing that stands in the way, with the way out.
pub(super) fn refuse(changes: &Changes, version: u32) -> Result<(), Refusal> {
    if is_mariadb(version) {
        refuse_on_mariadb(changes)?;
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

/// What only MySQL has.
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
