//! Saying what no catalog can tell: whether a statement that an interrupted run was in took effect.

use super::downgrade::script_for;
use super::failure::server_words;
use super::lock::{Locked, lock};
use super::steps::{Note, Of, StepState, StepTable};
use super::unit::units;
use super::{Event, RunOptions};
use crate::UserError;
use crate::dialect::Session;
use crate::migration::Direction;

/// What the operator says of the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It took effect: go on behind it.
    Done,
    /// It did not, or may run again: run it from its beginning.
    Retry,
}

impl Answer {
    /// The command that gives this answer for a step.
    pub(super) fn command(self, revision: &str, step: &str) -> String {
        let answer = match self {
            Self::Done => "done",
            Self::Retry => "retry",
        };
        format!("dbtool repair {revision} --step '{}' --{answer}", step.replace('\'', "'\\''"))
    }
}

/// Notes the answer for one step of a revision that was interrupted. Gives the way the run was going.
///
/// # Errors
/// Where the revision was not interrupted, or has no such step; then the steps there are.
pub async fn repair(session: &mut Session, options: RunOptions<'_>, revision: &str, step: &str, answer: Answer) -> anyhow::Result<Direction> {
    let mut locked = lock(session, &options).await?;
    let result = under_lock(&mut locked, options, revision, step, answer).await;
    if let Some(text) = locked.release().await.filter(|_| result.is_ok()) {
        (options.tell)(Event::Warning { text });
    }
    result
}

async fn under_lock(locked: &mut Locked<'_>, options: RunOptions<'_>, revision: &str, step: &str, answer: Answer) -> anyhow::Result<Direction> {
    let history = locked.history().await?;
    let row = history.interrupted().filter(|row| row.revision.starts_with(revision));
    let Some(row) = row else {
        return Err(UserError::new(format!("revision {revision} was not interrupted, so there is nothing to repair"))
            .with_help("`dbtool status` shows what was")
            .into());
    };
    let direction = row.direction();
    let script = match (direction, options.graph.get(&row.revision)) {
        (Direction::Down, _) => script_for(locked, &options, row).await?,
        (Direction::Up, Some(files)) => files.up()?,
        (Direction::Up, None) => {
            return Err(UserError::new(format!("revision {} has no file in {}", row.revision, options.graph.directory.display())).into());
        }
    };
    let of = Of { revision: &row.revision, direction };
    let steps = StepTable::beside(&locked.table);
    let noted = steps.read(locked.session, of).await?;
    let units = units(&script, locked.dialect())?;
    let unit = units.iter().find(|unit| unit.name == step);
    if unit.is_none() && !noted.iter().any(|row| row.step == step) {
        let names: Vec<String> = units.iter().filter(|unit| !unit.only_prepares()).map(|unit| format!("\"{}\"", unit.name)).collect();
        return Err(UserError::new(format!("{} has no step \"{step}\"", script.path.display()))
            .with_help(format!("its steps are {}", names.join(", ")))
            .into());
    }
    let sql = match (answer, unit) {
        (Answer::Retry, _) => steps.forget_sql(of, step).join(";\n"),
        (Answer::Done, Some(unit)) => {
            let note = Note { step, kind: "alone", hash: &unit.hash, state: StepState::Done, by: "operator", error: None, before: None };
            steps.write_sql(of, &note)
        }
        (Answer::Done, None) => return Err(UserError::new(format!("{} has no step \"{step}\" any more", script.path.display())).into()),
    };
    let all = format!("{};\n{sql};\nCOMMIT", locked.dialect().begin());
    if let Err(error) = locked.session.run(&all).await {
        let _ = locked.session.run("ROLLBACK").await;
        return Err(UserError::new(format!("the answer could not be written: {}", server_words(&error))).into());
    }
    Ok(direction)
}
