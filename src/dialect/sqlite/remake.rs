//! Views and triggers that are dropped and made again, although nothing of them changes: those that stand on a view which is dropped.
//!
//! The triggers of a view go with it. And while a view is away SQLite refuses every rename and every ALTER TABLE that looks at the rest of
//! the schema, if another view or a trigger names it.

use super::{Sqlite, hold, render};
use crate::dialect::{Context, Dialect};
use crate::diff::{Changes, Edit, TableEdit};
use crate::model::{Name, Trigger, View};
use crate::plan::{Step, mentions};

/// The objects, in the shape that they have before and after.
#[derive(Debug, Default)]
pub struct Remade<'a> {
    views: Vec<(&'a Name, &'a View)>,
    triggers: Vec<(&'a Name, &'a Trigger)>,
}

impl<'a> Remade<'a> {
    pub fn of(changes: &'a Changes, context: &Context<'a>) -> Self {
        let dropped = changes.views.iter().filter(|(_, edit)| !matches!(edit, Edit::Create(_)));
        let gone: Vec<&str> = dropped.map(|(name, _)| name.name.as_str()).collect();
        if gone.is_empty() {
            return Self::default();
        }
        let is_altered = !changes.renames.is_empty() || changes.tables.iter().any(|(_, edit)| matches!(edit, TableEdit::Alter(_)));
        let known: Vec<(&str, &str)> = context.to.views.iter().map(|(name, view)| (name.name.as_str(), view.query.text.as_str())).collect();
        let gone = if is_altered { hold::reading(gone, &known) } else { gone };
        let is_gone = |name: &Name| gone.iter().any(|gone| gone.eq_ignore_ascii_case(&name.name));
        let is_same_view = |name: &Name| changes.views.iter().all(|(changed, _)| changed != name);
        let is_same_trigger = |name: &Name| changes.triggers.iter().all(|(changed, _)| changed != name);
        let reads = |trigger: &Trigger| is_altered && gone.iter().any(|name| mentions(&trigger.definition.text, name));
        Self {
            views: context.to.views.iter().filter(|(name, _)| is_gone(name) && is_same_view(name)).collect(),
            triggers: context
                .to
                .triggers
                .iter()
                .filter(|(name, trigger)| is_same_trigger(name) && (is_gone(&trigger.table) || reads(trigger)))
                .collect(),
        }
    }

    /// The triggers of a table that nobody makes again but who drops it.
    pub fn left_to_rebuild<'t>(&self, table: &Name, changes: &Changes, context: &Context<'t>) -> Vec<(&'t Name, &'t Trigger)> {
        let own = context.to.triggers.iter().filter(|(_, trigger)| trigger.table.name.eq_ignore_ascii_case(&table.name));
        let is_changed = |name: &Name| changes.triggers.iter().any(|(changed, _)| changed == name);
        own.filter(|(name, _)| !is_changed(name) && self.triggers.iter().all(|(remade, _)| remade != name)).collect()
    }

    /// What changes or goes, and what goes for its sake, is dropped before the tables change under it.
    pub fn drops(&self, changes: &Changes) -> Vec<Step> {
        let gone = |word: &str, name: &Name| Step::of(format!("drop {} {name}", word.to_lowercase()), [format!("DROP {word} {}", Sqlite.name(name))]);
        let triggers = changes.triggers.iter().filter(|(_, edit)| !matches!(edit, Edit::Create(_))).map(|(name, _)| name);
        let views = changes.views.iter().filter(|(_, edit)| !matches!(edit, Edit::Create(_))).map(|(name, _)| name);
        let triggers = triggers.chain(self.triggers.iter().map(|(name, _)| *name)).map(|name| gone("TRIGGER", name));
        triggers.chain(views.chain(self.views.iter().map(|(name, _)| *name)).map(|name| gone("VIEW", name))).collect()
    }

    /// What is new or changed is made, and what had to go is made again, once the tables have their new shape.
    pub fn creates(&self, changes: &Changes) -> Vec<Step> {
        let view = |name: &Name, view: &View| Step::of(format!("create view {name}"), [render::create_view(name, view)]);
        let trigger = |name: &Name, trigger: &Trigger| Step::of(format!("create trigger {name}"), [render::create_trigger(name, trigger)]);
        let views = made(&changes.views).chain(self.views.iter().copied()).map(|(name, it)| view(name, it));
        let triggers = made(&changes.triggers).chain(self.triggers.iter().copied()).map(|(name, it)| trigger(name, it));
        views.chain(triggers).collect()
    }
}

/// The objects that are new or changed, as they are to be.
fn made<T>(edits: &[(Name, Edit<T>)]) -> impl Iterator<Item = (&Name, &T)> {
    edits.iter().filter_map(|(name, edit)| match edit {
        Edit::Create(object) | Edit::Alter { to: object, .. } => Some((name, object)),
        Edit::Drop(_) => None,
    })
}
