//! What an interrupted run has noted, against the script as it is now.

use super::history::HistoryRow;
use super::repair::Answer;
use super::steps::{StepRow, StepState};
use super::unit::units;
use crate::UserError;
use crate::dialect::Dialect;
use crate::migration::Script;

/// Checks that what is done, or half done, still stands in `script` as it was. What is not begun yet may be edited.
///
/// # Errors
/// The step that was edited or taken out since.
pub(super) fn check(script: &Script, row: &HistoryRow, noted: &[StepRow], dialect: &dyn Dialect) -> Result<(), UserError> {
    let units = units(script, dialect)?;
    for step in noted {
        let now = units.iter().find(|unit| unit.name == step.step);
        let what = match (now, step.state) {
            (_, StepState::Failed) => continue,
            (Some(now), _) if now.hash == step.hash => continue,
            (Some(_), StepState::Done) => "was done, and has been edited since",
            (None, StepState::Done) => "was done, and has been taken out or renamed since",
            (Some(_), StepState::Running) => "was begun, and has been edited since",
            (None, StepState::Running) => "was begun, and has been taken out or renamed since",
        };
        let retry = Answer::Retry.command(&row.revision, &step.step);
        let help = match step.state {
            StepState::Done => "restore that step; what comes behind it may be edited".to_owned(),
            StepState::Running | StepState::Failed => {
                format!("restore that step, or forget what it has done so far with `{retry}`: then the edited one runs from its beginning")
            }
        };
        let text = format!("revision {} was interrupted; its step \"{}\" {what} in {}", row.revision, step.step, script.path.display());
        return Err(UserError::new(text).with_help(help));
    }
    Ok(())
}

/// A step of a revision that is under way, for `status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepView {
    pub title: String,
    /// `None` for one that is not begun.
    pub state: Option<StepState>,
    /// What the server said of one that failed.
    pub error: Option<String>,
    /// True where an application of before the revision would notice it.
    pub contract: bool,
}

/// The steps of a script in its order, with what is noted of them.
pub fn steps(script: &Script, noted: &[StepRow], dialect: &dyn Dialect) -> Result<Vec<StepView>, UserError> {
    let units = units(script, dialect)?;
    let view = |unit: super::unit::Unit<'_>| {
        let row = noted.iter().find(|row| row.step == unit.name);
        let (state, error) = (row.map(|row| row.state), row.and_then(|row| row.error.clone()));
        StepView { title: unit.name, state, error, contract: unit.contract }
    };
    Ok(units.into_iter().filter(|unit| !unit.only_prepares()).map(view).collect())
}

/// True where nothing of a revision has taken effect yet, so that it is looked again whether rows stand in its way.
pub(super) fn is_untouched(noted: Option<&[StepRow]>) -> bool {
    noted.is_none_or(|rows| rows.iter().all(|row| row.state == StepState::Failed))
}
