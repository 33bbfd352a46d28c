//! Downgrading: taking revisions back, by their down files or, where these are gone, by the scripts the database keeps.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::execute::{Job, execute};
use super::halt::{Cause, Failure};
use super::history::{History, HistoryRow, State};
use super::lock::Locked;
use super::looks::run_looks;
use super::persist::{Lost, persist};
use super::steps::{Of, StepRow};
use super::table::StateTable;
use super::unit::units;
use super::upgrade::{noted, place};
use super::{Done, Event, Halt, Outcome, RunOptions, offline, resume};
use crate::UserError;
use crate::dialect::{Dialect, Kind, Session};
use crate::migration::{Dag, Direction, Script, checksum, resolve};

/// Takes revisions back until just `spec` and what it stands on is left, under the lock.
///
/// # Errors
/// What stands in the way, what was taken back before it, and what to do.
pub async fn downgrade(session: &mut Session, options: RunOptions<'_>, spec: &str) -> anyhow::Result<Outcome> {
    // A spec such as -1 counts from where the database is when the run begins, not from where a lost connection left it.
    let fixed = RefCell::new(None);
    let current = Cell::new(None);
    persist(session, options, async |locked, outcome| under_lock(locked, options, spec, &fixed, &current, outcome).await).await
}

/// A revision to take back and the script for it.
struct Pending<'h> {
    row: &'h HistoryRow,
    script: Script,
    resume: Option<Vec<StepRow>>,
}

async fn under_lock(
    locked: &mut Locked<'_>,
    options: RunOptions<'_>,
    spec: &str,
    fixed: &RefCell<Option<Vec<String>>>,
    current: &Cell<Option<Done>>,
    outcome: &mut Outcome,
) -> anyhow::Result<()> {
    let history = locked.history().await?;
    outcome.done.extend(current.take().filter(|done| history.get(&done.revision).is_none()));
    let applied = history.heads();
    if let Some(row) = history.interrupted().filter(|row| row.state == State::Upgrading) {
        return Err(upgrade_interrupted(row).into());
    }
    let before = fixed.borrow().clone();
    let kept = match before {
        Some(kept) => kept,
        None => resolve(spec, options.graph, &known(&options, &history), &applied)?,
    };
    fixed.replace(Some(kept.clone()));
    if let Some(id) = kept.iter().find(|id| !history.is_applied(id)) {
        return Err(UserError::new(format!("revision {id} is not applied; the database is at {}", place(&applied)))
            .with_help("`dbtool history --indicate-current` shows what is")
            .into());
    }
    let dag = history.dag();
    let path = dag.path_down(&applied, &kept);
    refuse_interrupted(&history, &path)?;
    let mut pending = Vec::new();
    for row in path.iter().filter_map(|id| history.get(id)) {
        let script = script_for(locked, &options, row).await?;
        let resume = match row.state {
            State::Applied | State::Upgrading => units(&script, locked.dialect()).map(|_| None)?,
            State::Downgrading => Some(noted(locked, &script, row, Direction::Down).await?),
        };
        pending.push(Pending { row, script, resume });
    }
    (outcome.heads, outcome.target) = (applied, kept);
    for step in &pending {
        current.set(Some(Done { revision: step.row.revision.clone(), message: step.row.message.clone(), duration: Duration::ZERO }));
        let done = match take_back(locked, options, step).await {
            Ok(done) => done,
            Err(Stop::Script(Failure { cause: Cause::Halted(why), message, .. })) => {
                outcome.halted = Some(Halt { revision: Some(step.row.revision.clone()), why, place: message });
                return Ok(());
            }
            Err(error) => return Err(told(error, step.row, outcome)),
        };
        current.set(None);
        outcome.done.push(done);
        let mut left = dag.closure(&outcome.heads);
        left.remove(&step.row.revision);
        outcome.heads = dag.heads(&left);
    }
    Ok(())
}

/// Revisions that may be named: those of the files, and applied ones whose files are gone.
fn known(options: &RunOptions<'_>, history: &History) -> Dag {
    let mut known = options.graph.dag().clone();
    for row in history.applied() {
        known.insert(row.revision.clone(), row.parents.clone());
    }
    known
}

fn refuse_interrupted(history: &History, path: &[String]) -> Result<(), UserError> {
    let Some(row) = history.interrupted() else { return Ok(()) };
    let (id, message) = (&row.revision, &row.message);
    match row.state {
        State::Applied => Ok(()),
        State::Upgrading => Err(upgrade_interrupted(row)),
        State::Downgrading if path.first() == Some(id) => Ok(()),
        State::Downgrading => Err(UserError::new(format!("a downgrade was interrupted in revision {id} ({message})"))
            .with_help(format!("finish it with `dbtool downgrade {id}-1` first"))),
    }
}

fn upgrade_interrupted(row: &HistoryRow) -> UserError {
    let HistoryRow { revision, message, .. } = row;
    UserError::new(format!("an upgrade was interrupted in revision {revision} ({message})"))
        .with_help(format!("finish it with `dbtool upgrade {revision}`, or undo its parts by hand and record that with `dbtool stamp current`"))
}

/// The down file, or the script that was kept when the revision was applied. A script that does nothing is refused: the history would say
/// that the revision is gone while its tables stay.
pub(super) async fn script_for(locked: &mut Locked<'_>, options: &RunOptions<'_>, row: &HistoryRow) -> anyhow::Result<Script> {
    let id = &row.revision;
    let revision = options.graph.get(id);
    let kept = locked.table.down_sql(locked.session, id).await?;
    let script = match revision.map(|revision| revision.down()).transpose()?.flatten() {
        Some(script) => {
            if kept.as_deref().is_some_and(|kept| checksum(kept) != script.checksum()) {
                let text = format!("{} was edited after the revision was applied; it runs as it is now", script.path.display());
                (options.tell)(Event::Warning { text });
            }
            script
        }
        None => match kept {
            Some(kept) => {
                (options.tell)(Event::Warning { text: format!("revision {id} has no down file; the script kept in the database is used") });
                Script::new(format!("{} ({id})", locked.table.name()), &kept)
            }
            None => {
                return Err(UserError::new(format!("revision {id} ({}) has no down script, neither as file nor in the database", row.message))
                    .with_help(format!("write its .down.sql, or forget the revision with `{}`, which runs nothing", forget(row)))
                    .into());
            }
        },
    };
    let dialect = locked.dialect();
    if script.is_empty(dialect) && !up_is_empty(options, row, dialect)? {
        return Err(UserError::new(format!("{} holds no statement, so revision {id} ({}) cannot be taken back", script.path.display(), row.message))
            .with_help(format!("write what takes it back into that file, or forget the revision with `{}`, which runs nothing", forget(row)))
            .into());
    }
    Ok(script)
}

/// The command after which the history no longer speaks of a revision.
fn forget(row: &HistoryRow) -> String {
    format!("dbtool stamp {}", if row.parents.is_empty() { "base".to_owned() } else { row.parents.join(" ") })
}

/// A revision that did nothing, such as a merge, needs nothing to be taken back.
fn up_is_empty(options: &RunOptions<'_>, row: &HistoryRow, dialect: &dyn Dialect) -> Result<bool, UserError> {
    match options.graph.get(&row.revision) {
        Some(revision) => Ok(revision.up()?.is_empty(dialect)),
        None => Ok(row.parents.len() > 1),
    }
}

async fn take_back(locked: &mut Locked<'_>, options: RunOptions<'_>, step: &Pending<'_>) -> Result<Done, Stop> {
    let Pending { row, script, resume } = step;
    let (revision, message) = (row.revision.as_str(), row.message.as_str());
    (options.tell)(Event::Started { direction: Direction::Down, revision, message, resumed: resume.is_some() });
    if resume::is_untouched(resume.as_deref()) {
        run_looks(locked.session, script).await.map_err(Stop::Look)?;
    }
    let table = locked.table.clone();
    let mark = || table.progress_sql(revision, State::Downgrading);
    let finish = |_: Duration| table.delete_sql(revision);
    let of = Of { revision, direction: Direction::Down };
    let job = Job { script, of, resume: resume.clone(), mark: &mark, finish: &finish };
    let duration = execute(locked, &job, &options).await.map_err(Stop::Script)?;
    (options.tell)(Event::Finished { duration });
    Ok(Done { revision: revision.to_owned(), message: message.to_owned(), duration })
}

/// Why a revision was not taken back.
enum Stop {
    Look(anyhow::Error),
    Script(Failure),
}

fn told(stop: Stop, row: &HistoryRow, outcome: &Outcome) -> anyhow::Error {
    let HistoryRow { revision, message, .. } = row;
    let before = match outcome.done.as_slice() {
        [] => String::new(),
        done => format!("\ntaken back before it: {}", done.iter().map(|done| done.revision.as_str()).collect::<Vec<_>>().join(", ")),
    };
    let place = place(&outcome.heads);
    let (text, help, cause) = match stop {
        Stop::Look(error) => match error.downcast::<UserError>() {
            Ok(UserError { message: rows, help }) => {
                let text = format!("revision {revision} ({message}) was not taken back, because of rows that stand in the way\n{rows}{before}");
                (text, help, Cause::Refused)
            }
            Err(error) => return error,
        },
        Stop::Script(failure) => {
            let help = failure.help("dbtool downgrade");
            (format!("revision {revision} ({message}) could not be taken back\n{}{before}", failure.message), Some(help), failure.cause)
        }
    };
    let error = UserError { message: text, help: help.map(|help| format!("{help}; the database is at {place}")) };
    if cause == Cause::Lost { Lost(error).into() } else { error.into() }
}

/// The script of a downgrade of the heads `from` to `to`, by the down files.
pub fn downgrade_sql(kind: Kind, options: RunOptions<'_>, from: &[String], to: &[String]) -> Result<String, UserError> {
    let table = StateTable::offline(kind, &options.settings.state);
    let mut out = String::new();
    for id in options.graph.path_down(from, to) {
        let Some(revision) = options.graph.get(&id) else { continue };
        let Some(down) = revision.down()? else {
            return Err(UserError::new(format!("revision {id} ({}) has no down file", revision.message)));
        };
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&offline::render(&down, kind.dialect(), &table.delete_sql(&id))?);
    }
    Ok(out)
}
