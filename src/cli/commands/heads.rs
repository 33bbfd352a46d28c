//! `dbtool heads`.

use serde_json::{Value, json};

use crate::cli::{Context, Exit, revision_json};

/// Show the revisions nothing follows
#[derive(Debug, clap::Args)]
pub struct Args {}

pub async fn run(_: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let heads: Vec<_> = graph.heads().into_iter().filter_map(|id| graph.get(&id)).collect();
    for revision in &heads {
        context.ui.print(format!("{} (head) {}", revision.id, revision.message));
    }
    if heads.len() > 1 {
        let ids: Vec<&str> = heads.iter().map(|revision| revision.id.as_str()).collect();
        context.ui.note(format!("Join them with `dbtool merge {} -m \"Merge heads\"`", ids.join(" ")));
    }
    let documents: Vec<Value> = heads.iter().map(|revision| revision_json(revision, &graph)).collect();
    context.ui.document(json!({ "heads": documents }));
    Ok(Exit::Done)
}
