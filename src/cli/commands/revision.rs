//! `dbtool revision`.

use chrono::Utc;
use serde_json::json;

use crate::UserError;
use crate::cli::{Context, Exit};
use crate::migration::{RevisionGraph, WrittenPair, new_revision_id, render_header, resolve, validate_revision_id, write_pair};

/// Write an empty pair of scripts to fill in by hand
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the revision is for
    #[arg(short, long)]
    message: String,
    /// The id, fourteen digits of UTC, where it is not to be now
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// The revision it stands on, where that is not the head; may be given more than once
    #[arg(long, value_name = "REV")]
    parent: Vec<String>,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let parents = parents(&args, &graph)?;
    let id = choose_id(args.rev_id.as_deref(), &graph)?;
    if !parents.is_empty() && parents.iter().any(|parent| !graph.dag().children(parent).is_empty()) {
        context.ui.warn("this makes a branch: its parent has another revision behind it already");
    }
    let header = render_header(&id, &parents, &args.message);
    let up = format!("{header}\n-- Write the SQL that makes the change below this line.\n");
    let down = "-- Write the SQL that takes the change back below this line.\n";
    let pair = write_pair(&graph.directory, &id, &args.message, &up, down)?;
    report(context, &id, &parents, &pair);
    Ok(Exit::Done)
}

fn parents(args: &Args, graph: &RevisionGraph) -> Result<Vec<String>, UserError> {
    if args.parent.is_empty() {
        let head = graph.single_head().map_err(|error| {
            let error = UserError::from(error);
            let help = error.help.as_deref().unwrap_or_default();
            let help = format!("{help}, or choose one with --parent");
            error.with_help(help)
        })?;
        return Ok(head.map(|revision| revision.id.clone()).into_iter().collect());
    }
    let mut parents: Vec<String> = Vec::new();
    for spec in &args.parent {
        for id in resolve(spec, graph, graph.dag(), &[])? {
            if !parents.contains(&id) {
                parents.push(id);
            }
        }
    }
    Ok(parents)
}

/// The id of a new revision: the one that was asked for, or now.
pub fn choose_id(asked: Option<&str>, graph: &RevisionGraph) -> Result<String, UserError> {
    let Some(id) = asked else { return new_revision_id(graph.revisions().map(|revision| revision.id.as_str()), Utc::now()) };
    validate_revision_id(id)?;
    match graph.get(id) {
        None => Ok(id.to_owned()),
        Some(revision) => Err(UserError::new(format!("revision {id} is there already: {}", revision.up_path.display()))
            .with_help("choose another id, or leave --rev-id out")),
    }
}

/// Says what was written.
pub fn report(context: &Context, id: &str, parents: &[String], pair: &WrittenPair) {
    for path in [&pair.up, &pair.down] {
        context.ui.print(format!("Created {}", path.display()));
    }
    context.ui.document(json!({
        "revision": id,
        "parents": parents,
        "up": pair.up.display().to_string(),
        "down": pair.down.display().to_string(),
    }));
}
