//! `dbtool show`.

use serde_json::{Value, json};

use super::named;
use crate::cli::{Context, Exit, revision_json};

/// Show a revision: what it stands on, and both of its scripts
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A revision, a prefix of one, head, heads, or current
    #[arg(default_value = "head", allow_negative_numbers = true)]
    rev: String,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let mut documents: Vec<Value> = Vec::new();
    for revision in named(context, &graph, &args.rev).await? {
        let (up, down) = (revision.up()?, revision.down()?);
        let or_none = |ids: &[String], none: &str| if ids.is_empty() { none.to_owned() } else { ids.join(", ") };
        let children = graph.dag().children(&revision.id);
        context.ui.print(format!("Revision: {}", revision.id));
        context.ui.print(format!("Message:  {}", revision.message));
        context.ui.print(format!("Parent:   {}", or_none(&revision.parents, "<base>")));
        context.ui.print(format!("Followed: {}", or_none(&children, "by none, it is a head")));
        for script in [Some(&up), down.as_ref()].into_iter().flatten() {
            context.ui.print(format!("\n{}\n", script.path.display()));
            context.ui.print(script.text.trim_end());
        }
        let mut document = revision_json(revision, &graph);
        document["up_sql"] = up.text.into();
        document["down_sql"] = down.map(|script| script.text).into();
        document["children"] = children.into();
        documents.push(document);
    }
    context.ui.document(json!({ "revisions": documents }));
    Ok(Exit::Done)
}
