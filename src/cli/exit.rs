//! Exit codes. They are part of the contract with scripts and pipelines.

use std::process::ExitCode;

/// Done, or the answer is yes.
pub const DONE: u8 = 0;
/// The answer is no: `check` found something, `diff --exit-code` a difference, `current --check-heads` a database that is behind.
pub const NO: u8 = 1;
/// An error, wrong usage included.
pub const ERROR: u8 = 2;

/// Stopped by Ctrl-C or SIGTERM, as shells count it; what was done is kept.
pub const INTERRUPTED: u8 = 130;

/// How a command that did not fail ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done,
    No,
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Done => DONE,
            Exit::No => NO,
            Exit::Interrupted => INTERRUPTED,
        })
    }
}
