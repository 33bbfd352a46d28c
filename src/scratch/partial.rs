//! Reading a schema in the server's spelling where most of it is known: what is written exactly as the live database spells it need not be
//! built to learn that.
//!
//! A schema of a thousand tables takes seconds to build, and a change is about a few of them. Whatever cannot be built without the rest is
//! built with all of it.

use std::collections::BTreeSet;

use super::{Scratch, adopt};
use crate::model::{Key, Name, Object, ObjectId, Schema, Table};
use crate::plan::Plan;

/// Below so many tables building all of them is no wait.
const FEW: usize = 40;

impl Scratch {
    /// `declared` in the server's spelling. `live` is what the database holds.
    ///
    /// # Errors
    /// As [`Scratch::canonicalise`].
    pub async fn canonicalise_beside(&mut self, declared: &Schema, live: &Schema) -> anyhow::Result<Schema> {
        if declared.tables.len() < FEW || !self.dialect().builds_in_parts() || has_rename(declared) {
            return self.canonicalise(declared).await;
        }
        let mut written = live.clone();
        adopt::key_by_text(&mut written);
        let mut ours = declared.clone();
        // One type may be written in two ways.
        let dialect = self.dialect();
        dialect.level(&mut ours, &mut written);
        for column in [&mut ours, &mut written].into_iter().flat_map(|schema| schema.tables.values_mut()).flat_map(|table| table.columns.values_mut())
        {
            column.ty.key = dialect.spell_type(&column.ty.text);
        }
        let new = differing(&ours, &written);
        let Some(part) = reduced(declared, &new) else { return self.canonicalise(declared).await };
        let Ok(spelled) = self.read(&part).await else { return self.canonicalise(declared).await };
        let whole = joined(declared, &spelled, live, &new);
        Ok(adopt::adopt(declared, whole))
    }

    /// Builds as much of `schema` in the empty scratch, to stay, as the statements of the plan are about.
    pub(super) async fn build_for(&mut self, schema: &Schema, plan: &Plan) -> anyhow::Result<()> {
        if schema.tables.len() >= FEW {
            let words = crate::plan::words(&plan.statements().collect::<Vec<_>>().join("\n"));
            let keys = schema.tables.keys().filter(|name| words.contains(&name.name)).map(|name| Key::Table(name.clone())).collect();
            if let Some(part) = reduced(schema, &keys)
                && self.build_for_good(&part).await.is_ok()
            {
                return Ok(());
            }
            self.reset().await?;
        }
        self.build_for_good(schema).await
    }

    /// [`Scratch::settle`] for the things of `keys` alone, if they can be built without the rest.
    pub(super) async fn settle_part(&mut self, schema: &Schema, keys: &BTreeSet<Key>) -> anyhow::Result<Schema> {
        if schema.tables.len() < FEW {
            return self.settle(schema).await;
        }
        let Some(part) = reduced(schema, keys) else { return self.settle(schema).await };
        let Ok(settled) = self.settle(&part).await else { return self.settle(schema).await };
        Ok(joined(schema, &settled, schema, keys))
    }
}

fn has_rename(schema: &Schema) -> bool {
    let tables = schema.tables.values();
    tables.into_iter().any(|table| table.renamed_from.is_some() || table.columns.values().any(|column| column.hints.renamed_from.is_some()))
}

/// The tables, and the objects that stand on tables, that `declared` does not write as the live database spells them.
fn differing(declared: &Schema, live: &Schema) -> BTreeSet<Key> {
    let tables = declared.tables.iter().filter(|(name, table)| live.tables.get(*name) != Some(table)).map(|(name, _)| Key::Table(name.clone()));
    let objects = declared.objects.iter().filter(|(id, object)| on_tables(id) && live.objects.get(*id) != Some(object));
    // A sequence is built with the table that it belongs to.
    let sequences = declared.sequences.iter().filter(|(name, sequence)| live.sequences.get(*name) != Some(sequence));
    let owners = sequences.filter_map(|(_, sequence)| sequence.owned_by.as_ref().map(|(table, _)| Key::Table(table.clone())));
    tables.chain(objects.map(|(id, _)| Key::Object(id.clone()))).chain(owners).collect()
}

/// True for objects that cannot be without tables or views.
fn on_tables(id: &ObjectId) -> bool {
    id.kind.is_relation() || id.table().is_some() || matches!(id.kind, crate::model::ObjectKind::Statistics | crate::model::ObjectKind::Publication)
}

/// The schema with no more tables and views than the things of `keys` need: the targets of their foreign keys, which lead no further, and
/// what their texts mention. `None` where that is most of it, or where tables descend from each other.
fn reduced(schema: &Schema, keys: &BTreeSet<Key>) -> Option<Schema> {
    let parents: BTreeSet<Name> = schema.tables.values().flat_map(Table::parents).collect();
    let descends = |name: &Name| parents.contains(name) || schema.tables.get(name).is_some_and(|table| !table.parents().is_empty());
    let mut wanted: BTreeSet<Name> = BTreeSet::new();
    let mut views: BTreeSet<ObjectId> = BTreeSet::new();
    let mut todo: Vec<Key> = keys.iter().cloned().collect();
    while let Some(key) = todo.pop() {
        match key {
            Key::Table(name) if descends(&name) => return None,
            Key::Table(name) => _ = wanted.insert(name),
            Key::Object(id) if views.insert(id.clone()) => {
                let Some(object) = schema.objects.get(&id) else { continue };
                todo.extend(id.table().and_then(|table| relation(schema, table)));
                todo.extend(relations_called(schema, &crate::plan::words(&object.definition.text)));
            }
            _ => {}
        }
    }
    if wanted.len() * 2 > schema.tables.len() {
        return None;
    }
    let changed: BTreeSet<Name> = keys.iter().filter_map(|key| if let Key::Table(name) = key { Some(name.clone()) } else { None }).collect();
    let targets =
        changed.iter().filter_map(|name| schema.tables.get(name)).flat_map(|table| table.foreign_keys.values().map(|key| key.target.clone()));
    wanted.extend(targets.collect::<Vec<_>>());
    let mut part = schema.clone();
    part.tables.retain(|name, _| wanted.contains(name));
    for (name, table) in &mut part.tables {
        if !changed.contains(name) {
            table.foreign_keys.clear();
        }
    }
    part.sequences.retain(|_, sequence| sequence.owned_by.as_ref().is_none_or(|(table, _)| wanted.contains(table)));
    part.objects.retain(|id, _| !on_tables(id) || views.contains(id));
    Some(part)
}

fn relation(schema: &Schema, name: &Name) -> Option<Key> {
    if schema.tables.contains_key(name) {
        return Some(Key::Table(name.clone()));
    }
    schema.objects.keys().find(|id| id.kind.is_relation() && id.name == *name).map(|id| Key::Object(id.clone()))
}

/// The tables and views of these names, in whatever schema.
fn relations_called(schema: &Schema, words: &BTreeSet<String>) -> Vec<Key> {
    let tables = schema.tables.keys().filter(|name| words.contains(&name.name)).map(|name| Key::Table(name.clone()));
    let views = schema.objects.keys().filter(|id| id.kind.is_relation() && words.contains(&id.name.name)).map(|id| Key::Object(id.clone()));
    tables.chain(views).collect()
}

/// What `names` declares: the things of `keys`, and all that stands on no table, as `part` has it, and the rest as `rest` has it.
fn joined(names: &Schema, part: &Schema, rest: &Schema, keys: &BTreeSet<Key>) -> Schema {
    let mut whole = part.clone();
    let from_part = |key: &Key| keys.contains(key);
    whole.tables.clear();
    for name in names.tables.keys() {
        let source = if from_part(&Key::Table(name.clone())) { part } else { rest };
        let table: Option<&Table> = source.tables.get(name);
        whole.tables.extend(table.map(|table| (name.clone(), table.clone())));
    }
    for name in names.sequences.keys().filter(|name| !part.sequences.contains_key(*name)) {
        whole.sequences.extend(rest.sequences.get(name).map(|sequence| (name.clone(), sequence.clone())));
    }
    for id in names.objects.keys().filter(|id| on_tables(id) && !from_part(&Key::Object((*id).clone()))) {
        let object: Option<&Object> = rest.objects.get(id);
        whole.objects.extend(object.map(|object| (id.clone(), object.clone())));
    }
    // An edge comes from where the thing comes from.
    let own = |key: &Key| match key {
        Key::Table(name) | Key::Column(name, _) | Key::Default(name, _) | Key::Part(name, ..) => from_part(&Key::Table(name.clone())),
        Key::Object(id) if on_tables(id) => from_part(key),
        _ => true,
    };
    let mut dependencies = crate::model::Dependencies::default();
    part.dependencies.pairs().filter(|(thing, _)| own(thing)).for_each(|(thing, on)| dependencies.add(thing.clone(), on.clone()));
    rest.dependencies.pairs().filter(|(thing, _)| !own(thing)).for_each(|(thing, on)| dependencies.add(thing.clone(), on.clone()));
    whole.dependencies.0 = dependencies;
    whole
}
