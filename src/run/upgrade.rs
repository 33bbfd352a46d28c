//! Upgrading: from where the database is to a revision.

use std::cell::Cell;
use std::time::Duration;

use super::consistency::refuse_problems;
use super::execute::{Job, execute};
use super::halt::{Cause, Failure};
use super::history::{History, HistoryRow, State};
use super::lock::Locked;
use super::looks::run_looks;
use super::persist::{Lost, persist};
use super::steps::{Of, StepRow, StepTable};
use super::table::{Entry, StateTable};
use super::unit::units;
use super::{Done, Event, Halt, Outcome, RunOptions, offline, resume};
use crate::UserError;
use crate::dialect::{Kind, Session};
use crate::migration::{Direction, Revision, Script, resolve};

/// Applies what is missing to get to `spec`, under the lock. Nothing missing is no error, and neither is a run that was asked to stop.
///
/// # Errors
/// What stands in the way, what was applied before it, and what to do.
pub async fn upgrade(session: &mut Session, options: RunOptions<'_>, spec: &str) -> anyhow::Result<Outcome> {
    let current = Cell::new(None);
    persist(session, options, async |locked, outcome| under_lock(locked, options, spec, &current, outcome).await).await
}

/// The revision and its scripts, read before anything runs.
struct Pending<'a> {
    revision: &'a Revision,
    up: Script,
    down: Option<Script>,
    resume: Option<Vec<StepRow>>,
}

/// `current` is the revision that a connection was lost in: its end may have been written all the same.
async fn under_lock(
    locked: &mut Locked<'_>,
    options: RunOptions<'_>,
    spec: &str,
    current: &Cell<Option<Done>>,
    outcome: &mut Outcome,
) -> anyhow::Result<()> {
    // Only now: whoever held the lock before may have done the work.
    let history = locked.history().await?;
    outcome.done.extend(current.take().filter(|done| history.is_applied(&done.revision)));
    refuse_problems(options.graph, &history)?;
    let applied = history.heads();
    let targets = resolve(spec, options.graph, options.graph.dag(), &applied)?;
    refuse_other_branch(&options, &applied, &targets)?;
    let path = options.graph.path_up(&applied, &targets);
    let interrupted = resumable(&history, &path)?;
    let mut pending = Vec::new();
    for id in &path {
        let Some(revision) = options.graph.get(id) else { continue };
        let (up, down) = (revision.up()?, revision.down()?);
        let resume = match interrupted.filter(|row| &row.revision == id) {
            Some(row) => Some(noted(locked, &up, row, Direction::Up).await?),
            None => units(&up, locked.dialect()).map(|_| None)?,
        };
        pending.push(Pending { revision, up, down, resume });
    }
    (outcome.heads, outcome.target) = (applied, targets);
    if pending.is_empty() {
        return Ok(());
    }
    locked.table.create(locked.session).await?;
    for step in &pending {
        current.set(Some(Done { revision: step.revision.id.clone(), message: step.revision.message.clone(), duration: Duration::ZERO }));
        let done = match apply(locked, options, step).await {
            Ok(done) => done,
            Err(Stop::Script(Failure { cause: Cause::Halted(why), message, .. })) => {
                outcome.halted = Some(Halt { revision: Some(step.revision.id.clone()), why, place: message });
                return Ok(());
            }
            Err(error) => return Err(told(error, step, outcome)),
        };
        current.set(None);
        outcome.done.push(done);
        let mut reached = options.graph.dag().closure(&outcome.heads);
        reached.insert(step.revision.id.clone());
        outcome.heads = options.graph.dag().heads(&reached);
    }
    Ok(())
}

/// What an interrupted run has noted of a script, which must still be the one it ran.
pub(super) async fn noted(locked: &mut Locked<'_>, script: &Script, row: &HistoryRow, direction: Direction) -> anyhow::Result<Vec<StepRow>> {
    let steps = StepTable::beside(&locked.table);
    let rows = steps.read(locked.session, Of { revision: &row.revision, direction }).await?;
    resume::check(script, row, &rows, locked.dialect())?;
    Ok(rows)
}

async fn apply(locked: &mut Locked<'_>, options: RunOptions<'_>, step: &Pending<'_>) -> Result<Done, Stop> {
    let Pending { revision, up, down, resume } = step;
    let (id, message) = (revision.id.as_str(), revision.message.as_str());
    (options.tell)(Event::Started { direction: Direction::Up, revision: id, message, resumed: resume.is_some() });
    if resume::is_untouched(resume.as_deref()) {
        run_looks(locked.session, up).await.map_err(Stop::Look)?;
    }
    let table = locked.table.clone();
    let checksum = up.checksum();
    let entry = |duration, state| {
        let down_sql = down.as_ref().map(|script| script.text.as_str());
        table.write_sql(&Entry {
            revision: id,
            parents: &revision.parents,
            message,
            checksum: &checksum,
            duration,
            tag: options.tag,
            state,
            down_sql,
        })
    };
    let mark = || entry(Duration::ZERO, State::Upgrading);
    let finish = |duration: Duration| entry(duration, State::Applied);
    let of = Of { revision: id, direction: Direction::Up };
    let job = Job { script: up, of, resume: resume.clone(), mark: &mark, finish: &finish };
    let duration = execute(locked, &job, &options).await.map_err(Stop::Script)?;
    (options.tell)(Event::Finished { duration });
    Ok(Done { revision: id.to_owned(), message: message.to_owned(), duration })
}

/// Why a revision was not applied.
enum Stop {
    Look(anyhow::Error),
    Script(Failure),
}

/// The error with what was applied before it, where the database is now, and what to do.
fn told(stop: Stop, step: &Pending<'_>, outcome: &Outcome) -> anyhow::Error {
    let Revision { id, message, .. } = step.revision;
    let before = match outcome.done.as_slice() {
        [] => String::new(),
        done => {
            let ids: Vec<&str> = done.iter().map(|done| done.revision.as_str()).collect();
            format!("\napplied before it, and kept: {}", ids.join(", "))
        }
    };
    let place = place(&outcome.heads);
    match stop {
        Stop::Look(error) => match error.downcast::<UserError>() {
            Ok(UserError { message: rows, help }) => {
                let text = format!("revision {id} ({message}) was not begun, because of rows that stand in its way\n{rows}{before}");
                UserError { message: text, help: help.map(|help| format!("{help}; the database is at {place}")) }.into()
            }
            Err(error) => error,
        },
        Stop::Script(failure) => {
            let help = failure.help("dbtool upgrade");
            let Failure { message: words, cause, .. } = failure;
            let error =
                UserError::new(format!("revision {id} ({message}) failed\n{words}{before}")).with_help(format!("{help}; the database is at {place}"));
            if cause == Cause::Lost { Lost(error).into() } else { error.into() }
        }
    }
}

/// A database that stands on revisions the target does not stand on would come to stand on both.
fn refuse_other_branch(options: &RunOptions<'_>, applied: &[String], targets: &[String]) -> Result<(), UserError> {
    let (reached, present) = (options.graph.dag().closure(targets), options.graph.dag().closure(applied));
    let Some(stray) = applied.iter().find(|head| !reached.contains(*head)) else { return Ok(()) };
    if targets.iter().all(|target| present.contains(target)) {
        return Ok(()); // Further already.
    }
    let target = targets.join(", ");
    Err(UserError::new(format!("the database is at {stray}, on which {target} does not stand"))
        .with_help(format!("join the branches with `dbtool merge {stray} {target} -m \"Merge\"`, or leave this one with `dbtool downgrade`")))
}

/// The revision an earlier run was interrupted in, where this run is the one to go on with it.
fn resumable<'h>(history: &'h History, path: &[String]) -> Result<Option<&'h HistoryRow>, UserError> {
    let Some(row) = history.interrupted() else { return Ok(None) };
    let id = &row.revision;
    match row.state {
        State::Downgrading => Err(UserError::new(format!("a downgrade was interrupted in revision {id} ({})", row.message))
            .with_help(format!("finish it with `dbtool downgrade {id}-1`"))),
        State::Upgrading if path.first() != Some(id) => Err(UserError::new(format!("an upgrade was interrupted in revision {id} ({})", row.message))
            .with_help(format!("finish it with `dbtool upgrade {id}`"))),
        State::Upgrading | State::Applied => Ok(Some(row)),
    }
}

/// Where the database is, for messages.
pub(super) fn place(heads: &[String]) -> String {
    if heads.is_empty() { "base".to_owned() } else { heads.join(", ") }
}

/// The script of an upgrade from the heads `from` to `to`: what [`upgrade`] would send to a database of this kind.
pub fn upgrade_sql(kind: Kind, options: RunOptions<'_>, from: &[String], to: &[String]) -> Result<String, UserError> {
    let table = StateTable::offline(kind, &options.settings.state);
    let mut out = String::new();
    for id in options.graph.path_up(from, to) {
        let Some(revision) = options.graph.get(&id) else { continue };
        let (up, down) = (revision.up()?, revision.down()?);
        if out.is_empty() && from.is_empty() {
            out.push_str(&format!("{};\n\n", table.create_sql()));
        } else if !out.is_empty() {
            out.push('\n');
        }
        let record = table.write_sql(&Entry {
            revision: &id,
            parents: &revision.parents,
            message: &revision.message,
            checksum: &up.checksum(),
            duration: Duration::ZERO,
            tag: options.tag,
            state: State::Applied,
            down_sql: down.as_ref().map(|script| script.text.as_str()),
        });
        out.push_str(&offline::render(&up, kind.dialect(), &record)?);
    }
    Ok(out)
}
