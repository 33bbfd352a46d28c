//! Views and triggers that are dropped and made again, although nothing of them changes: those that stand on a view which is dropped.
//!
//! The triggers of a view go with it. And while a view is away SQLite refuses every rename and every ALTER TABLE that looks at the rest of
//! the schema, if another view or a trigger names it.

use super::{Sqlite, hold, render};
use crate::dialect::{Context, Dialect};
use crate::diff::{Changes, Edit, TableEdit};
use crate::model::{Name, Object, ObjectId, ObjectKind};
use crate::plan::{Step, mentions};

/// The objects, in the shape that they have before and after.
#[derive(Debug, Default)]
pub struct Remade<'a> {
    views: Vec<(&'a ObjectId, &'a Object)>,
    triggers: Vec<(&'a ObjectId, &'a Object)>,
}

impl<'a> Remade<'a> {
    pub fn of(changes: &'a Changes, context: &Context<'a>) -> Self {
        let gone: Vec<&str> = dropped(changes, ObjectKind::View).map(|id| id.name.name.as_str()).collect();
        if gone.is_empty() {
            return Self::default();
        }
        let is_altered = !changes.renames.is_empty() || changes.tables.iter().any(|(_, edit)| matches!(edit, TableEdit::Alter(_)));
        let known: Vec<(&str, &str)> = context.to.views().map(|(name, view)| (name.name.as_str(), view.definition.text.as_str())).collect();
        let gone = if is_altered { hold::reading(gone, &known) } else { gone };
        let is_gone = |name: &Name| gone.iter().any(|gone| gone.eq_ignore_ascii_case(&name.name));
        let is_same = |id: &ObjectId| changes.objects.iter().all(|(changed, _)| changed != id);
        let reads = |trigger: &Object| is_altered && gone.iter().any(|name| mentions(&trigger.definition.text, name));
        Self {
            views: context.to.of_kind(ObjectKind::View).filter(|(id, _)| is_gone(&id.name) && is_same(id)).collect(),
            triggers: context.to.triggers().filter(|(id, trigger)| is_same(id) && (id.table().is_some_and(is_gone) || reads(trigger))).collect(),
        }
    }

    /// The triggers of a table that nobody makes again but who drops it.
    pub fn left_to_rebuild<'t>(&self, table: &Name, changes: &Changes, context: &Context<'t>) -> Vec<(&'t ObjectId, &'t Object)> {
        let own = context.to.triggers().filter(|(id, _)| id.table().is_some_and(|of| of.name.eq_ignore_ascii_case(&table.name)));
        let is_changed = |id: &ObjectId| changes.objects.iter().any(|(changed, _)| changed == id);
        own.filter(|(id, _)| !is_changed(id) && self.triggers.iter().all(|(remade, _)| remade != id)).collect()
    }

    /// What changes or goes, and what goes for its sake, is dropped before the tables change under it.
    pub fn drops(&self, changes: &Changes) -> Vec<Step> {
        let gone = |id: &ObjectId| {
            let (word, name) = (id.kind.word(), &id.name);
            Step::of(format!("drop {word} {name}"), [format!("DROP {} {}", word.to_uppercase(), Sqlite.name(name))])
        };
        let triggers = dropped(changes, ObjectKind::Trigger).chain(self.triggers.iter().map(|(id, _)| *id));
        let views = dropped(changes, ObjectKind::View).chain(self.views.iter().map(|(id, _)| *id));
        triggers.chain(views).map(gone).collect()
    }

    /// What is new or changed is made, and what had to go is made again, once the tables have their new shape.
    pub fn creates(&self, changes: &Changes) -> Vec<Step> {
        let view = |id: &ObjectId, view: &Object| Step::of(format!("create view {}", id.name), [render::create_view(&id.name, view)]);
        let trigger = |id: &ObjectId, it: &Object| Step::of(format!("create trigger {}", id.name), [render::create_trigger(&id.name, it)]);
        let views = made(changes, ObjectKind::View).chain(self.views.iter().copied()).map(|(id, it)| view(id, it));
        let triggers = made(changes, ObjectKind::Trigger).chain(self.triggers.iter().copied()).map(|(id, it)| trigger(id, it));
        views.chain(triggers).collect()
    }
}

/// The objects that change or go.
fn dropped(changes: &Changes, kind: ObjectKind) -> impl Iterator<Item = &ObjectId> {
    changes.of_kind(kind).filter(|(_, edit)| !matches!(edit, Edit::Create(_))).map(|(id, _)| id)
}

/// The objects that are new or changed, as they are to be.
fn made(changes: &Changes, kind: ObjectKind) -> impl Iterator<Item = (&ObjectId, &Object)> {
    changes.of_kind(kind).filter_map(|(id, edit)| match edit {
        Edit::Create(object) | Edit::Alter { to: object, .. } => Some((id, object)),
        Edit::Drop(_) => None,
    })
}
