//! From files to a database: the lock, the history table, and the running of scripts under both.
//!
//! Reading never writes: the history table is made by `upgrade` and `stamp` alone, and only [`Locked`] can change a database.

mod alone;
mod backfill;
mod connection;
mod consistency;
mod disk;
mod downgrade;
mod execute;
mod failpoint;
mod failure;
mod filelock;
mod fingerprint;
mod halt;
mod history;
mod lock;
mod looks;
mod offline;
mod persist;
mod pooler;
mod probe;
mod repair;
mod resume;
mod retry;
mod script;
mod stamp;
mod steps;
mod stop;
mod table;
mod unit;
mod upgrade;
mod watch;

use std::time::Duration;

pub(crate) use connection::{enter, leave};
pub use consistency::{Problem, problems};
pub use downgrade::{downgrade, downgrade_sql};
pub use failure::server_words;
pub use history::{History, HistoryRow, State};
pub use lock::{Locked, holder, lock};
pub use repair::{Answer, repair};
pub use resume::StepView;
pub use resume::steps as steps_of;
pub use script::{Placed, Segment, place, segments};
pub use stamp::stamp;
pub use steps::{Of, Progress, StepRow, StepState, StepTable, UnderWay};
pub use stop::{Halted, Stop};
pub use table::{Entry, StateTable};
pub use unit::refuse_faulty;
pub use upgrade::{upgrade, upgrade_sql};

use crate::config::{DatabaseUrl, Settings};
use crate::migration::{Direction, Pace, RevisionGraph};

/// What happens while a run goes on, for whoever shows it.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<'a> {
    /// Somebody else holds the lock.
    Waiting {
        holder: &'a str,
    },
    /// A revision begins; `resumed` where an earlier run was interrupted in it.
    Started {
        direction: Direction,
        revision: &'a str,
        message: &'a str,
        resumed: bool,
    },
    /// A part of a revision begins, where it has several.
    Part {
        title: &'a str,
    },
    /// A backfill has come further, or waits.
    Backfill(&'a BackfillView),
    /// What is about to happen to a table, and how large that is.
    Slow {
        table: &'a str,
        what: &'a str,
        rows: u64,
        bytes: u64,
    },
    /// The statement that runs waits for these sessions.
    Blocked {
        by: &'a str,
    },
    /// Somebody was in the way, and it is tried again after a while.
    Retrying {
        reason: &'a str,
        wait: Duration,
    },
    Finished {
        duration: Duration,
    },
    Warning {
        text: String,
    },
}

/// A backfill as it is shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BackfillView {
    pub step: String,
    pub table: String,
    pub rows_seen: u64,
    pub rows_expected: u64,
    pub rows_changed: u64,
    pub batch_rows: u64,
    /// 1 for the main pass, more for the sweeps behind it.
    pub pass: u64,
    /// Rows in a second, over all runs, pauses included.
    pub rate: f64,
    /// The time that is left at this rate; `None` where there is no telling yet.
    pub left: Option<Duration>,
    /// Why it does not go on at the moment.
    pub note: Option<String>,
    pub done: bool,
}

impl BackfillView {
    pub fn of(progress: &Progress) -> Self {
        let Progress { table, rows_seen, rows_expected, rows_changed, batch_rows, pass, busy, note, .. } = progress;
        let rate = if busy.is_zero() { 0.0 } else { *rows_seen as f64 / busy.as_secs_f64() };
        let left = rows_expected.saturating_sub(*rows_seen);
        let left = (rate > 0.0 && *pass == 1 && left > 0).then(|| Duration::from_secs_f64((left as f64 / rate).min(1e9)));
        Self {
            step: String::new(),
            table: table.clone(),
            rows_seen: *rows_seen,
            rows_expected: *rows_expected,
            rows_changed: *rows_changed,
            batch_rows: *batch_rows,
            pass: *pass,
            rate,
            left,
            note: note.clone(),
            done: false,
        }
    }

    /// The share that is done, from 0 to 100.
    pub fn percent(&self) -> u64 {
        (self.rows_seen * 100).checked_div(self.rows_expected).unwrap_or(100).min(100)
    }
}

/// Where events go.
pub type Tell<'a> = &'a dyn Fn(Event<'_>);

/// What a run needs to know besides where to go.
#[derive(Clone, Copy)]
pub struct RunOptions<'a> {
    pub graph: &'a RevisionGraph,
    pub url: &'a DatabaseUrl,
    pub settings: &'a Settings,
    /// A word of the user's that is kept with the revisions of this run.
    pub tag: Option<&'a str>,
    /// How fast backfills go, as far as the command line says; a script and the settings say the rest.
    pub pace: Pace,
    pub stop: &'a Stop,
    pub tell: Tell<'a>,
}

/// A revision that a run applied or took back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub revision: String,
    pub message: String,
    pub duration: Duration,
}

/// What a run did, and where the database is now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub done: Vec<Done>,
    pub heads: Vec<String>,
    /// Where the run was to lead.
    pub target: Vec<String>,
    /// Where it stopped because it was asked to.
    pub halted: Option<Halt>,
}

/// Where a run stopped before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halt {
    /// The revision that is half done; `None` while the run waited for the lock.
    pub revision: Option<String>,
    pub why: Halted,
    /// The step, or how far a backfill has come, in words.
    pub place: String,
}
