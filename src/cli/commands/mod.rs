//! One file per command: its arguments, whose comments are the help text, and what it does.

pub mod branches;
pub mod check;
pub mod current;
pub mod diff;
pub mod downgrade;
pub mod edit;
pub mod heads;
pub mod history;
pub mod init;
pub mod inspect;
pub mod merge;
pub mod migrate;
mod range;
pub mod repair;
pub mod revision;
pub mod show;
pub mod stamp;
pub mod status;
pub mod upgrade;

use super::Context;
use crate::UserError;
use crate::migration::{Revision, RevisionGraph, resolve};

/// The revisions that `spec` names. The database is asked only where `spec` speaks of it.
async fn named<'g>(context: &Context, graph: &'g RevisionGraph, spec: &str) -> anyhow::Result<Vec<&'g Revision>> {
    let applied = match spec.contains("current") || spec.starts_with(['+', '-']) {
        true => context.history().await?.heads(),
        false => Vec::new(),
    };
    let ids = resolve(spec, graph, graph.dag(), &applied)?;
    if ids.is_empty() {
        return Err(UserError::new("base is the place before the first revision, not a revision")
            .with_help("`dbtool history` lists the revisions")
            .into());
    }
    ids.iter()
        .map(|id| graph.get(id).ok_or_else(|| UserError::new(format!("revision {id} has no file in {}", graph.directory.display())).into()))
        .collect()
}
