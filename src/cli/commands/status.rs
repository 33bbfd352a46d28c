//! `dbtool status`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::progress::{backfill_json, words};
use crate::cli::{Context, Exit};
use crate::dialect::{Access, Dialect, Session};
use crate::migration::{Direction, RevisionGraph};
use crate::run::{BackfillView, History, Of, StateTable, StepRow, StepState, StepTable, StepView, UnderWay, holder, problems, steps_of};

/// Show what is pending, what was interrupted, and who holds the lock
#[derive(Debug, clap::Args)]
pub struct Args {}

pub async fn run(_: Args, context: &Context) -> anyhow::Result<Exit> {
    let graph = context.graph()?;
    let url = context.settings.database_url()?;
    let mut session = context.connect(Access::ReadOnly).await?;
    let history = context.history_of(&mut session).await;
    let holder = holder(&mut session, url, &context.settings.state).await;
    let parts = parts(&mut session, context, &history).await;
    session.close().await;
    let (history, holder, (noted, under_way)) = (history?, holder?, parts?);
    let steps = steps(&graph, &history, &noted, url.kind().dialect());
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
        let what = match row.direction() {
            Direction::Down => "downgrade",
            Direction::Up => "upgrade",
        };
        let state = if holder.is_some() { "Running: " } else { "Stopped: " };
        ui.print(format!("{state} {what} of {} ({})", row.revision, row.message));
        for step in steps.iter().filter(|step| step.state.is_some()) {
            let error = step.error.as_deref().and_then(|error| error.lines().next()).map(|error| format!(" ({error})")).unwrap_or_default();
            ui.print(format!("    step \"{}\": {}{error}", step.title, step.state.map_or("to do", StepState::text)));
        }
        let next = steps.iter().find(|step| step.state != Some(StepState::Done));
        if let (Some(next), None) = (next, &holder) {
            let noticed = if next.contract { ", which an application of before the revision would notice" } else { "" };
            ui.print(format!("Next:     `dbtool {what}` goes on with step \"{}\"{noticed}", next.title));
        }
    }
    for running in &under_way {
        ui.print(format!("Backfill: step \"{}\" of {}", running.step, running.revision));
        ui.print(format!("    {}", words(&BackfillView::of(&running.progress))));
        ui.print(format!(
            "    batches of {} rows by {}; the last one {} ago",
            running.progress.batch_rows,
            running.progress.key,
            seconds(running.idle)
        ));
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
        "steps": steps.iter().map(step_json).collect::<Vec<_>>(),
        "backfills": under_way.iter().map(backfill).collect::<Vec<_>>(),
        "problems": problems,
    }));
    Ok(Exit::Done)
}

/// What an interrupted or running revision has noted, and its backfills.
async fn parts(session: &mut Session, context: &Context, history: &anyhow::Result<History>) -> anyhow::Result<(Vec<StepRow>, Vec<UnderWay>)> {
    let Some(row) = history.as_ref().ok().and_then(History::interrupted) else { return Ok((Vec::new(), Vec::new())) };
    let steps = StepTable::beside(&StateTable::locate(session, &context.settings.state).await?);
    let of = Of { revision: &row.revision, direction: row.direction() };
    Ok((steps.read(session, of).await?, steps.under_way(session).await?))
}

/// The steps of the revision under way in the order of its file; none where there is no such file to read.
fn steps(graph: &RevisionGraph, history: &History, noted: &[StepRow], dialect: &dyn Dialect) -> Vec<StepView> {
    let Some(row) = history.interrupted() else { return Vec::new() };
    let script = graph.get(&row.revision).and_then(|revision| match row.direction() {
        Direction::Up => revision.up().ok(),
        Direction::Down => revision.down().ok().flatten(),
    });
    script.and_then(|script| steps_of(&script, noted, dialect).ok()).unwrap_or_default()
}

fn step_json(step: &StepView) -> Value {
    json!({ "step": step.title, "state": step.state.map(StepState::text), "contract": step.contract, "error": step.error })
}

fn backfill(running: &UnderWay) -> Value {
    let view = BackfillView { step: running.step.clone(), ..BackfillView::of(&running.progress) };
    let mut document = backfill_json(&view);
    if let Some(document) = document.as_object_mut() {
        document.insert("revision".to_owned(), running.revision.clone().into());
        document.insert("idle_seconds".to_owned(), running.idle.as_secs().into());
    }
    document
}

fn seconds(time: Duration) -> String {
    humantime::format_duration(Duration::from_secs(time.as_secs())).to_string()
}
