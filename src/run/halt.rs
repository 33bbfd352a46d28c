//! Why a run stops, what of it stays, and what there is to do.

use super::failure::{Class, class, server_words};
use super::stop::Halted;

/// Why a script stopped, and what of it stays.
pub(super) struct Failure {
    pub message: String,
    pub kept: Kept,
    pub cause: Cause,
}

/// Why a part of it stopped.
#[derive(Debug)]
pub(super) struct Halt {
    pub message: String,
    pub cause: Cause,
}

/// What there is to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    Refused,
    /// The connection is gone: with a new one the history tells where to go on.
    Lost,
    /// The disk is full.
    NoRoom,
    Halted(Halted),
}

impl Cause {
    pub fn of(error: &sqlx::Error) -> Self {
        // SQLITE_FULL and disk_full.
        let is_full = error.as_database_error().and_then(|error| error.code()).is_some_and(|code| ["13", "53100"].contains(&code.as_ref()));
        match class(error) {
            Class::Lost => Self::Lost,
            _ if is_full => Self::NoRoom,
            Class::Busy | Class::Canceled | Class::Refused => Self::Refused,
        }
    }
}

/// What stays of a script that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Nothing,
    /// Parts before the failed one have taken effect and are noted.
    Parts,
    /// The failed statement stands outside any transaction and may have left something behind, or the answer to a COMMIT was lost.
    Unknown,
    /// An earlier run was interrupted in a statement of which nobody can tell whether it was done; nothing was changed now.
    Undecided,
}

impl Failure {
    /// What to do about it, `command` being what to run again.
    pub fn help(&self, command: &str) -> String {
        match self.cause {
            Cause::Lost => format!("the server went away: run `{command}` again, which goes on from where this run has come to"),
            Cause::NoRoom => format!("make room on the disk and run `{command}` again, which goes on from where this run has come to"),
            Cause::Refused | Cause::Halted(_) => self.kept.help(command),
        }
    }
}

impl Kept {
    fn help(self, command: &str) -> String {
        match self {
            Self::Nothing => format!("nothing of this script remains: correct the file and run `{command}` again"),
            Self::Parts => format!(
                "what is done so far has taken effect and is noted: correct the rest of the file, or the rows, and run `{command}` again, which \
                 goes on from there"
            ),
            Self::Unknown => format!("the failed statement may have taken effect in part: run `{command}` again, which looks at what is there"),
            Self::Undecided => format!("nothing was changed; once it is said, `{command}` goes on"),
        }
    }
}

pub(super) fn halt(error: &sqlx::Error) -> Halt {
    Halt { message: server_words(error), cause: Cause::of(error) }
}

pub(super) fn refused(message: String) -> Halt {
    Halt { message, cause: Cause::Refused }
}
