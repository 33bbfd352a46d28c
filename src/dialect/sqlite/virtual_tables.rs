//! Virtual tables: made and dropped. Their module keeps their rows, so none is ever made anew.

use super::lexer::significant;
use super::{Sqlite, render};
use crate::dialect::{Context, Dialect};
use crate::diff::{Changes, Edit};
use crate::model::{Name, ObjectId, ObjectKind, Unmodelled};
use crate::plan::{Direction, Refusal, Step};

/// Another definition would be another table, without the rows.
pub fn refuse(changes: &Changes) -> Result<(), Refusal> {
    let changed = changes.of_kind(ObjectKind::VirtualTable).find(|(_, edit)| matches!(edit, Edit::Alter { .. }));
    let Some((id, _)) = changed else { return Ok(()) };
    Err(Refusal {
        message: format!("{id} is to have another definition, and SQLite would have to make it anew without its rows"),
        help: "declare one of another name and fill it in a revision of your own, or drop this one in a revision before".to_owned(),
    })
}

/// They go before the tables whose rows they index.
pub fn drops(changes: &Changes) -> Vec<Step> {
    let gone = changes.of_kind(ObjectKind::VirtualTable).filter(|(_, edit)| matches!(edit, Edit::Drop(_)));
    gone.map(|(id, _)| Step::of(format!("drop {id}"), [format!("DROP TABLE {}", Sqlite.name(&id.name))])).collect()
}

/// What a reader has to know of those that go.
pub fn notes(changes: &Changes, direction: Direction) -> Vec<String> {
    let gone = changes.of_kind(ObjectKind::VirtualTable).filter(|(_, edit)| matches!(edit, Edit::Drop(_)));
    let note = |id: &ObjectId| match direction {
        Direction::Up => format!("Drops {id}: its rows are lost, and the way down cannot bring them back."),
        Direction::Down => format!("Drops {id}, which the way up made, with its rows."),
    };
    gone.map(|(id, _)| note(id)).collect()
}

/// They come after the tables whose rows they index, and before the triggers that fill them.
pub fn creates(changes: &Changes) -> Vec<Step> {
    let new = changes.of_kind(ObjectKind::VirtualTable).filter_map(|(id, edit)| match edit {
        Edit::Create(table) => Some((id, table)),
        Edit::Drop(_) | Edit::Alter { .. } => None,
    });
    new.map(|(id, table)| Step::of(format!("create {id}"), [render::create_virtual_table(&id.name, table)])).collect()
}

/// Those that stay, with the tables and columns that their arguments name: nothing but a string says so, and SQLite carries no change into it.
pub fn standing(context: &Context<'_>) -> Vec<Unmodelled> {
    let stays = context.from.of_kind(ObjectKind::VirtualTable).filter(|(id, _)| context.to.objects.contains_key(*id));
    stays
        .map(|(id, table)| Unmodelled {
            kind: id.kind.word().to_owned(),
            name: id.name.name.clone(),
            stands_on: under(&table.definition.text, context),
        })
        .collect()
}

/// Whatever the text names may be a table or a column of one, by its old or its new name; where no column is named, all of them are meant. A
/// table that the live database does not have is none of it: the virtual table has done without it.
fn under(definition: &str, context: &Context<'_>) -> Vec<(Name, Option<String>)> {
    let words: Vec<String> = significant(definition).iter().map(|token| token.unquoted()).collect();
    let (live, other) = if context.direction == Direction::Up { (context.from, context.to) } else { (context.to, context.from) };
    let mut found = Vec::new();
    for word in &words {
        let name = Name::new(word.as_str());
        if live.table(&name, true).is_none() && other.table(&name, true).is_some() {
            continue;
        }
        let all: Vec<&String> = [live, other].iter().filter_map(|schema| schema.table(&name, true)).flat_map(|table| table.columns.keys()).collect();
        let none_named = !all.is_empty() && !all.iter().any(|column| words.iter().any(|word| word.eq_ignore_ascii_case(column)));
        found.push((name.clone(), None));
        found.extend(words.iter().map(|column| (name.clone(), Some(column.clone()))));
        found.extend(all.into_iter().filter(|_| none_named).map(|column| (name.clone(), Some(column.clone()))));
    }
    found
}
