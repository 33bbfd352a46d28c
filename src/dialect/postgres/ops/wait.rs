//! What waits for what for another reason than that it stands on it: names that have to be free, and what looks at everything else.

use super::{Planner, depend};
use crate::diff::{PartKind, parts};
use crate::model::{Name, ObjectKind, Schema};
use crate::plan::order::{Key, Op, Verb};

impl Planner<'_> {
    /// What raw statements made goes behind all that may stand on it, and before what its own text mentions; the last made goes first.
    pub(super) fn raws_go_last(&mut self) {
        let from = self.context.from;
        let words = |name: &str| from.raws.get(name).map(|raw| depend::words_of(&raw.up)).unwrap_or_default();
        // Where schema.toml is not there to say what stands on what, the order in which they were made does.
        let is_said = from.raws.values().any(|raw| !raw.depends_on.is_empty());
        let stands_on = |name: &str, other: &str| {
            if is_said {
                from.raws.get(name).is_some_and(|raw| raw.depends_on.iter().any(|on| on == other))
            } else {
                from.raws.get_index_of(name) > from.raws.get_index_of(other)
            }
        };
        let can_stand_on_raw = |key: &Key| {
            matches!(key, Key::Table(_) | Key::Column(..) | Key::Part(..) | Key::Raw(_)) || matches!(key, Key::Object(id) if id.kind.is_relation())
        };
        let gone = self.ops.iter().filter(|op| op.verb == Verb::Drop).map(|op| op.key.clone());
        let others: Vec<Key> = gone.collect();
        for op in self.ops.iter_mut().filter(|op| op.verb == Verb::Drop) {
            let Key::Raw(name) = &op.key else { continue };
            let words = words(name);
            for other in &others {
                match other {
                    Key::Raw(raw) if stands_on(raw, name) => op.after.push((Verb::Drop, other.clone())),
                    Key::Raw(_) => {}
                    _ if depend::name_of(other).is_some_and(|name| words.contains(&name.to_lowercase())) => op.uses.push(other.clone()),
                    _ if can_stand_on_raw(other) => op.after.push((Verb::Drop, other.clone())),
                    _ => {}
                }
            }
        }
    }

    /// An event trigger may look at everything that is made or dropped while it is there.
    pub(super) fn event_triggers_last(&mut self) {
        let is_one = |key: &Key| matches!(key, Key::Object(id) if id.kind == ObjectKind::EventTrigger);
        // Default privileges wait for everything as well.
        let waits = |key: &Key| is_one(key) || matches!(key, Key::Object(id) if id.kind == ObjectKind::DefaultPrivileges);
        let all: Vec<(Verb, Key)> = self.ops.iter().filter(|op| !waits(&op.key)).map(|op| (op.verb, op.key.clone())).collect();
        let gone: Vec<(Verb, Key)> =
            self.ops.iter().filter(|op| op.verb == Verb::Drop && is_one(&op.key)).map(|op| (op.verb, op.key.clone())).collect();
        for op in &mut self.ops {
            if !is_one(&op.key) {
                op.after.extend(gone.iter().cloned());
            } else if op.verb == Verb::Create {
                op.after.extend(all.iter().cloned());
            }
        }
    }

    /// What uses an extension goes, or lets go of it, before the extension does.
    pub(super) fn extensions_go_last(&mut self) {
        let others = |op: &&Op| !matches!(op.key, Key::Extension(_) | Key::Namespace(_));
        let others: Vec<(Verb, Key)> = self.ops.iter().filter(others).map(|op| (op.verb, op.key.clone())).collect();
        for op in self.ops.iter_mut().filter(|op| op.verb == Verb::Drop && matches!(op.key, Key::Extension(_))) {
            op.after.extend(others.iter().cloned());
        }
    }

    /// Tables, sequences, indexes and the indexes behind keys share one space of names in a namespace: what takes a name waits for what
    /// frees it.
    pub(super) fn wait_for_names(&mut self) {
        let relation = |key: &Key| match key {
            Key::Enum(name) | Key::Domain(name) => Some(name.clone()),
            // Functions, procedures and aggregates share their names, arguments included.
            Key::Object(id) if matches!(id.kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate) => {
                Some(id.name.sibling(id.full_name()))
            }
            Key::Table(name) | Key::Sequence(name) | Key::Composite(name) => Some(name.clone()),
            Key::Object(id) if id.kind.is_relation() || id.kind == ObjectKind::RangeType => Some(id.name.clone()),
            Key::Part(table, kind, name) if !matches!(kind, PartKind::Check | PartKind::ForeignKey) => Some(table.sibling(name)),
            _ => None,
        };
        let mut freed: Vec<(Name, (Verb, Key))> = Vec::new();
        for op in self.ops.iter().filter(|op| op.verb == Verb::Drop) {
            freed.extend(relation(&op.key).map(|name| (name, (Verb::Drop, op.key.clone()))));
            if let Key::Table(table) = &op.key {
                let parts = self.from().tables.get(table).map(parts).unwrap_or_default();
                let names = parts.iter().filter_map(|(name, part)| relation(&Key::Part(table.clone(), part.kind(), name.clone())));
                let owned = self.from().sequences.iter().filter(|(_, sequence)| sequence.owned_by.as_ref().is_some_and(|(owner, _)| owner == table));
                freed.extend(names.chain(owned.map(|(name, _)| name.clone())).map(|name| (name, (Verb::Drop, op.key.clone()))));
            }
        }
        let to = self.context.to;
        for op in self.ops.iter_mut().filter(|op| op.verb == Verb::Create) {
            let mut taken: Vec<Name> = relation(&op.key).into_iter().collect();
            if let Key::Table(table) = &op.key {
                let inline = to.tables.get(table).map(parts).unwrap_or_default();
                taken.extend(
                    inline
                        .iter()
                        .filter(|(_, part)| part.kind() != PartKind::Index)
                        .filter_map(|(name, part)| relation(&Key::Part(table.clone(), part.kind(), name.clone()))),
                );
            }
            op.after.extend(freed.iter().filter(|(name, _)| taken.contains(name)).map(|(_, drop)| drop.clone()));
        }
        // A table has one primary key, whatever it is called.
        self.one_at_a_time(|_, key| if let Key::Part(table, PartKind::PrimaryKey, _) = key { Some(table.clone()) } else { None });
        // The rows of a partition were another's.
        self.one_at_a_time(|schema, key| {
            let Key::Table(name) = key else { return None };
            schema.tables.get(name)?.options.partition.as_ref().map(|partition| partition.of.clone())
        });
    }

    /// Where a place holds one thing at a time, what is made waits for what had its place.
    fn one_at_a_time(&mut self, place: fn(&Schema, &Key) -> Option<Name>) {
        let (from, to) = (self.context.from, self.context.to);
        let gone: Vec<(Name, Key)> =
            self.ops.iter().filter(|op| op.verb == Verb::Drop).filter_map(|op| Some((place(from, &op.key)?, op.key.clone()))).collect();
        for op in self.ops.iter_mut().filter(|op| op.verb == Verb::Create) {
            let Some(mine) = place(to, &op.key) else { continue };
            op.after.extend(gone.iter().filter(|(other, _)| *other == mine).map(|(_, key)| (Verb::Drop, key.clone())));
        }
    }
}
