//! What a reader of the file has to know about a table that changes.

use super::probes::{Event, event};
use super::{alter, fixup, rebuild};
use crate::dialect::Context;
use crate::diff::{Changes, TableAlter};
use crate::model::{Fill, Name, Object};
use crate::plan::Direction;

/// The notes for one table; `rebuilt` tells which way it is changed.
pub fn notes(name: &Name, alter: &TableAlter, changes: &Changes, context: &Context<'_>, rebuilt: bool) -> Vec<String> {
    let mut notes = lost_to_expression(name, alter);
    if rebuilt && rebuild::autoincrements(&alter.from) && !rebuild::autoincrements(&alter.to) {
        notes.push(format!("Gives up AUTOINCREMENT of {name}: ids of deleted rows can be given out again."));
    }
    notes.extend(fired_triggers(name, alter, changes, context, rebuilt));
    notes
}

/// Columns whose values give way to an expression.
fn lost_to_expression(name: &Name, alter: &TableAlter) -> Vec<String> {
    let computed = |fill: &Fill| matches!(fill, Fill::Generated { .. });
    let lost = alter
        .from
        .columns
        .iter()
        .filter(|(column, from)| alter.to.columns.get(*column).is_some_and(|to| computed(&to.fill) && !computed(&from.fill)));
    lost.map(|(column, _)| format!("Replaces the values of {name}.{column} by its expression: what it held is lost.")).collect()
}

/// The triggers that a backfill or the deletion of repeated rows sets off: what they do is not dbtool's to say.
fn fired_triggers(name: &Name, alter: &TableAlter, changes: &Changes, context: &Context<'_>, rebuilt: bool) -> Vec<String> {
    if context.direction == Direction::Down {
        return Vec::new();
    }
    let filled = if rebuilt { rebuild::staged_columns(alter) } else { alter::filled_columns(alter) };
    let deletes = fixup::added_parts(alter).any(|(_, part)| fixup::deletes_repeated(alter, part, context));
    let deed = |trigger: &Object| match event(&trigger.definition.text)? {
        Event::Insert => None,
        Event::Delete => deletes.then_some("deleted"),
        Event::Update(of) => {
            let watches = |column: &String| of.is_empty() || of.iter().any(|other| other.eq_ignore_ascii_case(column));
            filled.iter().any(watches).then_some("filled")
        }
    };
    let there = context.from.triggers().filter(|(trigger, _)| {
        let is_changed = changes.objects.iter().any(|(changed, _)| changed == *trigger);
        !is_changed && trigger.table().is_some_and(|table| table.name.eq_ignore_ascii_case(&name.name))
    });
    there.filter_map(|(trigger, it)| Some(format!("The trigger {} of {name} fires for every row that is {}.", trigger.name, deed(it)?))).collect()
}
