//! From files to a database: the lock, the history table, and the running of scripts under both.
//!
//! Reading never writes: the history table is made by `upgrade` and `stamp` alone, and only [`Locked`] can change a database.

mod consistency;
mod downgrade;
mod execute;
mod failure;
mod filelock;
mod history;
mod lock;
mod looks;
mod offline;
mod probe;
mod script;
mod stamp;
mod table;
mod upgrade;

use std::time::Duration;

pub use consistency::{Problem, problems};
pub use downgrade::{downgrade, downgrade_sql};
pub use failure::server_words;
pub use history::{History, HistoryRow, State};
pub use lock::{Locked, holder, lock};
pub use script::{Placed, Segment, place, segments};
pub use stamp::stamp;
pub use table::{Entry, StateTable};
pub use upgrade::{upgrade, upgrade_sql};

use crate::config::{DatabaseUrl, Settings};
use crate::migration::{Direction, RevisionGraph};

/// What happens while a run goes on, for whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    Finished {
        duration: Duration,
    },
    Warning {
        text: String,
    },
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub done: Vec<Done>,
    pub heads: Vec<String>,
}
