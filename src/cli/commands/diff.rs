//! `dbtool diff`: what `migrate` would write, on stdout.

use serde_json::json;

use crate::cli::commands::migrate::rename_pair;
use crate::cli::project::{DeclaredFiles, standing_json};
use crate::cli::{Context, Exit};
use crate::declare::text_diff;
use crate::dialect::{Access, Session};
use crate::diff::describe;
use crate::generate::{NewRevision, apply_renames, pair, standing, way};
use crate::migration::RevisionGraph;
use crate::plan::Fixups;
use crate::scratch::Scratch;

/// Show what `migrate` would write, and both schemas line against line
///
/// Saves nothing. Fix-ups that are missing are named, and the script is shown as it would be for empty tables.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Exit with status 1 where there is a difference
    #[arg(long)]
    exit_code: bool,
    /// TABLE.COLUMN=NEW_COLUMN or TABLE=NEW_TABLE: a rename, not a drop and an addition
    #[arg(long, value_name = "OLD=NEW", value_parser = rename_pair)]
    rename: Vec<(String, String)>,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let dialect = context.settings.database_url()?.kind().dialect();
    let mut files = context.declared(dialect)?;
    apply_renames(&mut files.declared.schema, &args.rename)?;
    // A project that has no migrations folder yet can look at its difference all the same.
    let graph = if context.settings.directory.exists() { context.graph()? } else { RevisionGraph::default() };
    let mut session = context.connect(Access::ReadOnly).await?;
    let mut scratch = context.scratch(Some(&mut session)).await?;
    let result = show(context, &files, &graph, &mut session, &mut scratch).await;
    scratch.close().await;
    session.close().await;
    let differs = result?;
    Ok(if differs && args.exit_code { Exit::No } else { Exit::Done })
}

async fn show(context: &Context, files: &DeclaredFiles, graph: &RevisionGraph, session: &mut Session, scratch: &mut Scratch) -> anyhow::Result<bool> {
    let found = way(session, scratch, Some(graph), &files.declared.schema, &context.settings.scope()).await?;
    context.note_unmanaged(&found.unmanaged);
    if found.up.changes.is_empty() {
        context.ui.print("No changes: the database is what schema.toml declares.");
        context.ui.document(json!({ "changes": [], "up": null, "down": null, "unmanaged": found.unmanaged }));
        return Ok(false);
    }
    let lines = describe(&found.up.changes);
    let missing = standing(session, found.fixups(scratch, false).missing).await;
    for it in &missing {
        context.ui.warn(format!("{}: {}; add there: {}", files.place(&it.missing.path), it.missing.problem, it.missing.line));
    }
    let fixups: Fixups = found.fixups(scratch, !missing.is_empty());
    let parents = graph.heads();
    let (style, verify) = (context.style(session).await?, context.settings.migrate.verify);
    let new = NewRevision { revision: "DIFF", parents: &parents, message: "What migrate would write", is_baseline: false, style, verify };
    let pair = pair(scratch, &found.live, &found.up, fixups, &new).await?;
    let text = text_diff(&found.live, &found.up.to, ("live", "declared"), scratch.dialect());
    lines.iter().for_each(|line| context.ui.print(format!("Detected {line}")));
    context.ui.print_text(format!("\n{text}\n{}\n{}", pair.up, pair.down));
    context.ui.document(json!({
        "changes": lines, "up": pair.up, "down": pair.down, "text": text, "missing": standing_json(&missing), "unmanaged": found.unmanaged,
    }));
    Ok(true)
}
