//! `dbtool status`.

use serde_json::{Value, json};

use crate::cli::{Context, Exit};
use crate::dialect::Access;
use crate::run::{State, holder, problems};

/// Show what is pending, what was interrupted, and who holds the lock
#[derive(Debug, clap::Args)]
pub struct Args {}

pub async fn run(_: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let url = context.settings.database_url()?;
    let mut session = context.connect(Access::ReadOnly).await?;
    let history = context.history_of(&mut session).await;
    let holder = holder(&mut session, url, &context.settings.state).await;
    session.close().await;
    let (history, holder) = (history?, holder?);
    let heads = history.heads();
    let pending: Vec<_> = graph.path_up(&heads, &graph.heads()).into_iter().filter_map(|id| graph.get(&id)).collect();
    let problems: Vec<String> = problems(&graph, &history)?.iter().map(|problem| problem.text(&graph)).collect();

    let ui = &context.ui;
    let place = if heads.is_empty() { "base".to_owned() } else { heads.join(", ") };
    ui.print(format!("Database: {url}"));
    ui.print(format!("At:       {place}"));
    ui.print(match pending.len() {
        0 => "Pending:  nothing".to_owned(),
        1 => "Pending:  1 revision".to_owned(),
        count => format!("Pending:  {count} revisions"),
    });
    for revision in &pending {
        ui.print(format!("    {} {}", revision.id, revision.message));
    }
    if graph.heads().len() > 1 {
        ui.print(format!("Heads:    {}, which `dbtool merge heads` joins", graph.heads().join(", ")));
    }
    let interrupted = history.interrupted();
    if let Some(row) = interrupted {
        let (what, done) = match row.state {
            State::Downgrading { done } => ("downgrade", done),
            State::Upgrading { done } => ("upgrade", done),
            State::Applied => ("run", 0),
        };
        ui.print(format!("Stopped:  {what} of {} ({}), {done} parts done", row.revision, row.message));
    }
    ui.print(format!("Lock:     {}", holder.as_deref().unwrap_or("free")));
    for problem in &problems {
        ui.warn(problem);
    }
    let pending: Vec<Value> = pending.iter().map(|revision| json!({ "revision": revision.id, "message": revision.message })).collect();
    ui.document(json!({
        "database": url.to_string(),
        "heads": heads,
        "file_heads": graph.heads(),
        "pending": pending,
        "interrupted": interrupted.map(|row| &row.revision),
        "lock": holder,
        "problems": problems,
    }));
    Ok(Exit::Done)
}
