//! From a declared and a live schema to a proven pair of scripts: what `migrate`, `diff` and `init --from-database` have in common.

mod collisions;
mod looks;
mod pair;
mod rename;
mod unmanaged;

pub use looks::{Standing, standing};
pub use pair::{NewRevision, Pair, pair, way_back};
pub use rename::{apply_renames, possible_renames};

use anyhow::anyhow;

use crate::UserError;
use crate::dialect::{Scope, Session};
use crate::diff::Renames;
use crate::migration::{RevisionGraph, raws};
use crate::model::Schema;
use crate::plan::{Direction, Fixups, fixups};
use crate::scratch::{Comparison, Scratch, compare};

/// What leads from the live schema to the declared one, and back.
#[derive(Debug, Clone)]
pub struct Way {
    /// The schema as it was read.
    pub live: Schema,
    pub up: Comparison,
    /// The objects that are neither declared nor made by a revision; they are kept.
    pub unmanaged: Vec<String>,
}

/// Finds the way. `graph` tells what the revisions make: what they do not is never dropped; without one everything is ours.
///
/// # Errors
/// Where the server refuses what schema.toml declares, or a rename is contradictory; nothing is changed.
pub async fn way(
    session: &mut Session,
    scratch: &mut Scratch,
    graph: Option<&RevisionGraph>,
    declared: &Schema,
    scope: &Scope,
) -> anyhow::Result<Way> {
    let mut live = session.introspect(scope).await?;
    if let Some(graph) = graph {
        live.raws = raws(graph, &graph.heads(), scratch.dialect())?;
    }
    collisions::refuse(&live, declared)?;
    collisions::refuse_ignored(scope, declared)?;
    let to = scratch.canonicalise_beside(declared, &live).await?;
    let renames = Renames::find(&live, &to, scratch.dialect().folds_case(), scratch.dialect().folds_case_of_columns()).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow!(UserError::new(lines.join("\n")).with_help("take the old declaration or renamed_from out"))
    })?;
    let mut up = compare(scratch, &live, &to, renames).await?;
    let unmanaged = match graph {
        Some(graph) => unmanaged::hold_back(scratch, graph, &mut up).await?,
        None => Vec::new(),
    };
    Ok(Way { live, up, unmanaged })
}

impl Way {
    /// What the rows that are there may contradict.
    pub fn fixups(&self, scratch: &Scratch, assume_empty: bool) -> Fixups {
        fixups(&self.up.changes, &self.up.context(Direction::Up, scratch.style()), scratch.dialect(), assume_empty)
    }
}
