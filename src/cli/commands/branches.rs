//! `dbtool branches`.

use serde_json::{Value, json};

use crate::cli::{Context, Exit};

/// Show the revisions on which more than one other stands
#[derive(Debug, clap::Args)]
pub struct Args {}

pub async fn run(_: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let mut documents: Vec<Value> = Vec::new();
    for (revision, children) in graph.branch_points() {
        context.ui.print(format!("{} (branchpoint) {}", revision.id, revision.message));
        for child in children.iter().filter_map(|id| graph.get(id)) {
            let mark = if graph.dag().children(&child.id).is_empty() { " (head)" } else { "" };
            context.ui.print(format!("    -> {}{mark} {}", child.id, child.message));
        }
        documents.push(json!({ "revision": revision.id, "message": revision.message, "children": children }));
    }
    context.ui.document(json!({ "branchpoints": documents }));
    Ok(Exit::Done)
}
