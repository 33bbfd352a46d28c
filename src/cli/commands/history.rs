//! `dbtool history`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::UserError;
use crate::cli::{Context, Exit, revision_json};
use crate::migration::{Revision, RevisionGraph, resolve};

/// List the revisions, the newest first
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only the revisions FROM:TO, both included; either end may be left out
    #[arg(short = 'r', long, value_name = "FROM:TO", allow_hyphen_values = true)]
    rev_range: Option<String>,
    /// Mark where the database is
    #[arg(short, long)]
    indicate_current: bool,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let range = args.rev_range.as_deref().unwrap_or(":");
    let Some((from, to)) = range.split_once(':') else {
        return Err(UserError::new(format!("{range} is not a range")).with_help("write FROM:TO, such as base:head or -3:current").into());
    };
    let applied = match args.indicate_current || from.contains("current") || to.contains("current") {
        true => context.history().await?.heads(),
        false => Vec::new(),
    };
    let shown = between(&graph, from, to, &applied)?;
    let mut documents: Vec<Value> = Vec::new();
    for revision in graph.ordered().into_iter().rev().filter(|revision| shown.contains(&revision.id)) {
        let current = args.indicate_current && applied.contains(&revision.id);
        context.ui.print(line(revision, &graph, current));
        if context.ui.is_verbose() {
            context.ui.print(format!("    {}", revision.up_path.display()));
        }
        let mut document = revision_json(revision, &graph);
        if args.indicate_current {
            document["current"] = current.into();
        }
        documents.push(document);
    }
    context.ui.document(json!({ "revisions": documents }));
    Ok(Exit::Done)
}

/// The revisions from `from` to `to`, both included. A start that begins with `-` counts back from the end.
fn between(graph: &RevisionGraph, from: &str, to: &str, applied: &[String]) -> Result<BTreeSet<String>, UserError> {
    let dag = graph.dag();
    let end = resolve(if to.is_empty() { "heads" } else { to }, graph, dag, applied)?;
    let base = if from.starts_with(['-', '+']) { &end } else { applied };
    let start = resolve(if from.is_empty() { "base" } else { from }, graph, dag, base)?;
    let mut shown = dag.closure(&end);
    for id in dag.closure(&start) {
        if !start.contains(&id) {
            shown.remove(&id);
        }
    }
    Ok(shown)
}

/// `parent -> revision (head), message`, as Alembic writes it.
fn line(revision: &Revision, graph: &RevisionGraph, current: bool) -> String {
    let parents = if revision.parents.is_empty() { "<base>".to_owned() } else { revision.parents.join(", ") };
    let children = graph.dag().children(&revision.id).len();
    let marks = [(children == 0, "head"), (children > 1, "branchpoint"), (revision.parents.len() > 1, "mergepoint"), (current, "current")];
    let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, word)| format!(" ({word})")).collect();
    format!("{parents} -> {}{marks}, {}", revision.id, revision.message)
}
