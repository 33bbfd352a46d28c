//! `dbtool current`.

use serde_json::{Value, json};

use crate::cli::{Context, Exit};
use crate::run::State;

/// Show where the database is
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Exit with 1 unless the database is at every head
    #[arg(long)]
    check_heads: bool,
}

pub async fn run(args: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let history = context.history().await?;
    let file_heads = graph.heads();
    let heads = history.heads();
    let at_head = heads == file_heads && history.interrupted().is_none();
    let mut documents: Vec<Value> = Vec::new();
    for row in heads.iter().filter_map(|id| history.get(id)) {
        let known = graph.get(&row.revision);
        let is_head = file_heads.contains(&row.revision);
        let mark = if is_head { " (head)" } else { "" };
        let lost = if known.is_none() { " (no file)" } else { "" };
        context.ui.print(format!("{}{mark}{lost} {}", row.revision, row.message));
        if context.ui.is_verbose() {
            let tag = row.tag.as_ref().map(|tag| format!(", tag {tag}")).unwrap_or_default();
            context.ui.print(format!("    applied {} by {} in {} ms{tag}", row.applied_at, row.applied_by, row.duration.as_millis()));
        }
        documents.push(json!({
            "revision": row.revision,
            "message": row.message,
            "head": is_head,
            "file": known.is_some(),
            "applied_at": row.applied_at,
            "applied_by": row.applied_by,
            "tag": row.tag,
        }));
    }
    if heads.is_empty() {
        context.ui.note("No revision is applied");
    }
    let interrupted = history.interrupted();
    if let Some(row) = interrupted {
        let (what, way) = match row.state {
            State::Downgrading => ("A downgrade", format!("dbtool downgrade {}-1", row.revision)),
            State::Upgrading | State::Applied => ("An upgrade", "dbtool upgrade".to_owned()),
        };
        context.ui.warn(format!("{what} was interrupted in revision {} ({}); `{way}` finishes it", row.revision, row.message));
    }
    context.ui.document(json!({
        "heads": documents,
        "at_head": at_head,
        "interrupted": interrupted.map(|row| &row.revision),
    }));
    if args.check_heads && !at_head {
        context.ui.note(format!("The database is not at head, {}", if file_heads.is_empty() { "base".to_owned() } else { file_heads.join(", ") }));
        return Ok(Exit::No);
    }
    Ok(Exit::Done)
}
