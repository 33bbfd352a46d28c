//! Recording revisions without running them.

use std::time::Duration;

use super::failure::server_words;
use super::history::State;
use super::lock::{Locked, lock};
use super::steps::StepTable;
use super::table::Entry;
use super::{Event, Outcome, RunOptions};
use crate::UserError;
use crate::dialect::Session;
use crate::migration::resolve;

/// Makes the history say that just the revisions of `specs`, and what they stand on, are applied. `purge` forgets first whatever it says.
///
/// Rows that are right already stay as they are; one whose file was edited gets the checksum of the file as it is now.
pub async fn stamp(session: &mut Session, options: RunOptions<'_>, specs: &[String], purge: bool) -> anyhow::Result<Outcome> {
    let mut locked = lock(session, &options).await?;
    let outcome = under_lock(&mut locked, options, specs, purge).await;
    let warning = locked.release().await;
    if let (Ok(_), Some(text)) = (&outcome, warning) {
        (options.tell)(Event::Warning { text });
    }
    outcome
}

async fn under_lock(locked: &mut Locked<'_>, options: RunOptions<'_>, specs: &[String], purge: bool) -> anyhow::Result<Outcome> {
    let graph = options.graph;
    let history = locked.history().await?;
    if let Some(row) = history.rows.iter().find(|row| !purge && graph.get(&row.revision).is_none()) {
        return Err(UserError::new(format!(
            "revision {} ({}) is recorded but has no file in {}",
            row.revision,
            row.message,
            graph.directory.display()
        ))
        .with_help("bring its files, or add --purge to forget it")
        .into());
    }
    let applied: Vec<String> = history.heads().into_iter().filter(|id| graph.get(id).is_some()).collect();
    let mut targets = Vec::new();
    for spec in specs {
        targets.extend(resolve(spec, graph, graph.dag(), &applied)?);
    }
    let kept = graph.dag().closure(&targets);
    let mut statements = Vec::new();
    if purge {
        statements.push(locked.table.clear_sql());
    } else {
        statements.extend(history.rows.iter().filter(|row| !kept.contains(&row.revision)).map(|row| locked.table.delete_sql(&row.revision)));
    }
    for revision in kept.iter().filter_map(|id| graph.get(id)) {
        let checksum = revision.up()?.checksum();
        let right = history.get(&revision.id).is_some_and(|row| row.state == State::Applied && row.checksum == checksum);
        if right && !purge {
            continue;
        }
        let down = revision.down()?;
        statements.push(locked.table.write_sql(&Entry {
            revision: &revision.id,
            parents: &revision.parents,
            message: &revision.message,
            checksum: &checksum,
            duration: Duration::ZERO,
            tag: options.tag,
            state: State::Applied,
            down_sql: down.as_ref().map(|script| script.text.as_str()),
        }));
    }
    // After this nothing is under way any more.
    statements.extend(StepTable::beside(&locked.table).clear_all_sql(locked.session).await?);
    write(locked, &statements).await?;
    Ok(Outcome { heads: graph.dag().heads(&kept), ..Outcome::default() })
}

/// Runs the statements in one transaction.
async fn write(locked: &mut Locked<'_>, statements: &[String]) -> anyhow::Result<()> {
    locked.table.create(locked.session).await?;
    let all = async {
        locked.session.run(locked.session.dialect().begin()).await?;
        for sql in statements {
            locked.session.run(sql).await?;
        }
        locked.session.run("COMMIT").await
    };
    if let Err(error) = all.await {
        let _ = locked.session.run("ROLLBACK").await;
        return Err(UserError::new(format!("the history could not be written: {}", server_words(&error))).into());
    }
    Ok(())
}
