//! What the revisions make: all of them run in scratch, from base.

use super::Scratch;
use crate::UserError;
use crate::migration::{RevisionGraph, raws};
use crate::model::Schema;

/// The schema that the revisions of a folder lead to.
#[derive(Debug, Clone)]
pub struct Replayed {
    pub schema: Schema,
}

/// Runs every revision up to `targets` in the empty scratch, and empties it again.
///
/// # Errors
/// The file, line and words of the server where a script does not run on a fresh database.
pub async fn replay(scratch: &mut Scratch, graph: &RevisionGraph, targets: &[String]) -> anyhow::Result<Replayed> {
    scratch.refuse_foreign_scripts()?;
    // A revision may make the functions that the live database has, or call some that nobody manages: first as on a new database, then
    // with what the live one has.
    scratch.reset().await?;
    if let Err(first) = run_all(scratch, graph, targets).await? {
        scratch.reset_with_prelude().await?;
        if run_all(scratch, graph, targets).await?.is_err() {
            return Err(first.into());
        }
    }
    let mut schema = scratch.introspect().await?;
    schema.raws = raws(graph, targets, scratch.dialect())?;
    scratch.reset().await?;
    Ok(Replayed { schema })
}

async fn run_all(scratch: &mut Scratch, graph: &RevisionGraph, targets: &[String]) -> anyhow::Result<Result<(), UserError>> {
    for id in graph.path_up(&[], targets) {
        let Some(revision) = graph.get(&id) else { continue };
        let script = revision.up()?;
        if let Err(said) = scratch.run_as_new(&script).await? {
            let message = format!("{}: {said}", script.path.display());
            return Ok(Err(UserError::new(message).with_help("the revisions do not run on a fresh database any more; correct the file")));
        }
    }
    Ok(Ok(()))
}
