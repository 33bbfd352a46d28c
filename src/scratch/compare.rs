//! The live schema beside the declared one, both in the server's spelling, and what leads from one to the other.

use std::collections::BTreeSet;

use anyhow::anyhow;

use super::Scratch;
use super::adopt;
use crate::UserError;
use crate::dialect::Context;
use crate::diff::{Changes, Edit, Renames, diff};
use crate::model::{Key, Schema};
use crate::plan::{Direction, Plan, Refusal, Style};

/// Two schemas and their difference.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Where the way begins, after the renames.
    pub from: Schema,
    /// Where it leads.
    pub to: Schema,
    pub changes: Changes,
}

impl Comparison {
    /// The statements that make the difference.
    pub fn plan(&self, direction: Direction, style: Style, scratch: &Scratch) -> Result<Plan, Refusal> {
        scratch.dialect().plan(&self.changes, &self.context(direction, style))
    }

    pub fn context(&self, direction: Direction, style: Style) -> Context<'_> {
        Context { from: &self.from, to: &self.to, direction, style }
    }
}

/// Compares two schemas after the renames. Both must come from a server, by introspection or `Scratch::canonicalise`.
///
/// # Errors
/// Where the server cannot build one of them, with its own words.
pub async fn compare(scratch: &mut Scratch, from: &Schema, to: &Schema, renames: Renames) -> anyhow::Result<Comparison> {
    let mut from = renamed(scratch, from, &renames).await?;
    let mut to = to.clone();
    let mut changes = diff(&from, &to);
    if !changes.is_empty() && scratch.dialect().settles() {
        let keys = changed(&changes);
        from = scratch.settle_part(&from, &keys).await?;
        to = scratch.settle_part(&to, &keys).await?;
        changes = diff(&from, &to);
    }
    changes.renames = renames;
    Ok(Comparison { from, to, changes })
}

/// The tables and objects that a difference is about.
fn changed(changes: &Changes) -> BTreeSet<Key> {
    let tables = changes.tables.iter().map(|(name, _)| Key::Table(name.clone()));
    let owned = |sequence: &crate::model::Sequence| sequence.owned_by.as_ref().map(|(table, _)| Key::Table(table.clone()));
    let owners = changes.sequences.iter().flat_map(|(_, edit)| match edit {
        Edit::Create(it) | Edit::Drop(it) => [owned(it), None],
        Edit::Alter { from, to } => [owned(from), owned(to)],
    });
    tables.chain(changes.objects.iter().map(|(id, _)| Key::Object(id.clone()))).chain(owners.flatten()).collect()
}

/// The schema as the server leaves it after the renames: it, not we, carries a new name into expressions, keys and views.
async fn renamed(scratch: &mut Scratch, schema: &Schema, renames: &Renames) -> anyhow::Result<Schema> {
    if renames.is_empty() {
        return Ok(schema.clone());
    }
    let changes = Changes { renames: renames.clone(), ..Changes::default() };
    let context = Context { from: schema, to: schema, direction: Direction::Up, style: scratch.style() };
    let plan = scratch.dialect().plan(&changes, &context).map_err(|refusal| anyhow!(UserError::new(refusal.message).with_help(refusal.help)))?;
    let mut after = scratch.read_after(schema, &plan).await?;
    let mut hints = schema.clone();
    apply_names(&mut hints, renames);
    adopt::carry_hints(&hints, &mut after);
    Ok(after)
}

/// Gives the keys of the maps their new names, so that hints find their objects again.
fn apply_names(schema: &mut Schema, renames: &Renames) {
    for (from, to) in &renames.tables {
        if let Some(index) = schema.tables.get_index_of(from) {
            let _ = schema.tables.replace_index(index, to.clone());
        }
    }
    for (table, from, to) in &renames.columns {
        if let Some(table) = schema.tables.get_mut(table)
            && let Some(index) = table.columns.get_index_of(from)
        {
            let _ = table.columns.replace_index(index, to.clone());
        }
    }
    for (from, to) in &renames.objects {
        if let Some(index) = schema.objects.get_index_of(from) {
            let _ = schema.objects.replace_index(index, to.clone());
        }
        if let Some(owner) = schema.owners.remove(&Key::Object(from.clone())) {
            schema.owners.insert(Key::Object(to.clone()), owner);
        }
    }
    for object in schema.unmodelled.0.iter_mut().chain(schema.ignored.0.iter_mut()) {
        for (table, column) in &mut object.stands_on {
            if let Some((_, to)) = renames.tables.iter().find(|(from, _)| from == table) {
                table.clone_from(to);
            }
            if let Some((_, _, to)) = renames.columns.iter().find(|(t, from, _)| t == table && Some(from) == column.as_ref()) {
                *column = Some(to.clone());
            }
        }
    }
}
