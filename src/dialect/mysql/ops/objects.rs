//! Views, routines, triggers and events.

use std::collections::BTreeSet;

use super::Planner;
use crate::dialect::mysql::{is_mariadb, render};
use crate::diff::Edit;
use crate::model::{Object, ObjectId, ObjectKind};
use crate::plan::order::{Key, Op, Verb, order};
use crate::plan::{Refusal, Step, mentions};

impl<'a> Planner<'a> {
    /// What is new or changed, each behind what its text mentions: a view can only be made over what is there.
    pub(super) fn objects(&mut self) -> Result<(), Refusal> {
        let mut ops = Vec::new();
        let triggers = self.triggers_again();
        for (id, object, before) in self.made(&triggers) {
            let is_routine = matches!(id.kind, ObjectKind::Function | ObjectKind::Procedure);
            if is_routine && before.is_some() && !is_mariadb(self.version()) {
                self.notes.push(format!("Makes {id} anew: privileges that were granted on it alone have to be granted again."));
            }
            let mut op = Op::new(Verb::Create, Key::Object(id.clone()), self.step(id, object, before));
            let text = format!("{} {}", object.definition.text, object.hints.depends_on.join(" "));
            let others = self.changes.objects.iter().filter(|(other, _)| other != id && mentions(&text, &other.name.name));
            op.wishes.extend(others.map(|(other, _)| Key::Object(other.clone())));
            if let Some(before) = object.options.get("follows")
                && let Some(table) = id.table()
            {
                op.uses.push(Key::Object(ObjectId::on(ObjectKind::Trigger, table, before)));
            }
            ops.push(op);
        }
        ops.sort_by_key(|op| match &op.key {
            Key::Object(id) => id.kind,
            _ => ObjectKind::View,
        });
        let sorted = order(ops)?;
        self.steps.extend(sorted.into_iter().map(|op| op.step));
        Ok(())
    }

    /// The objects that are made, with what was there before.
    fn made(&self, again: &BTreeSet<ObjectId>) -> Vec<(&'a ObjectId, &'a Object, Option<&'a Object>)> {
        let changed = self.changes.objects.iter().filter_map(|(id, edit)| match edit {
            Edit::Create(object) => Some((id, object, None)),
            Edit::Alter { from, to } => Some((id, to, Some(from))),
            Edit::Drop(_) => None,
        });
        let is_changed = |id: &ObjectId| self.changes.objects.iter().any(|(other, _)| other == id);
        let same = self.context.to.objects.iter().filter(move |(id, _)| again.contains(*id) && !is_changed(id));
        changed.chain(same.map(|(id, object)| (id, object, Some(object)))).collect()
    }

    /// Triggers that fire behind one that is made anew: a new trigger is the last one of its time and event.
    fn triggers_again(&self) -> BTreeSet<ObjectId> {
        let mut again: BTreeSet<ObjectId> =
            self.changes.of_kind(ObjectKind::Trigger).filter(|(_, edit)| !matches!(edit, Edit::Drop(_))).map(|(id, _)| id.clone()).collect();
        loop {
            let behind = self.context.to.triggers().filter(|(id, trigger)| {
                let before = trigger.options.get("follows").zip(id.table()).map(|(before, table)| ObjectId::on(ObjectKind::Trigger, table, before));
                !again.contains(*id) && before.is_some_and(|before| again.contains(&before))
            });
            let behind: Vec<ObjectId> = behind.map(|(id, _)| id.clone()).collect();
            if behind.is_empty() {
                return again;
            }
            again.extend(behind);
        }
    }

    /// What the server can replace is replaced; everything else is dropped and made again in one step.
    fn step(&self, id: &ObjectId, object: &Object, before: Option<&Object>) -> Step {
        let replaces = match id.kind {
            ObjectKind::View => true,
            // A trigger that is replaced would keep its place among the others, which may not be the one it is to have.
            ObjectKind::Trigger => false,
            _ => is_mariadb(self.version()),
        };
        let verb = if before.is_some() { "replace" } else { "create" };
        let mut statements = Vec::new();
        if before.is_some() && !replaces {
            statements.push(render::drop_object(id));
        }
        statements.extend(render::create_object(id, object, replaces && before.is_some()));
        Step::of(format!("{verb} {id}"), statements).alone()
    }

    /// What goes, with what stands on it before it. A trigger goes with its table.
    pub(super) fn drop_objects(&mut self) {
        let dropped: Vec<&str> = self.dropped_tables().into_iter().map(|(name, _)| name.name.as_str()).collect();
        let mut gone: Vec<&ObjectId> = self.changes.objects.iter().filter(|(_, edit)| matches!(edit, Edit::Drop(_))).map(|(id, _)| id).collect();
        gone.retain(|id| id.table().is_none_or(|table| !dropped.contains(&table.name.as_str())));
        gone.sort_by_key(|id| std::cmp::Reverse(id.kind));
        for id in gone {
            self.contract(format!("drop {id}"), render::drop_object(id));
        }
    }
}
