//! Stopping a run where it is safe: between two batches or two parts.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// Why a run stopped before its end. What was done is kept and noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Halted {
    /// Somebody pressed Ctrl-C or sent SIGTERM.
    Interrupted,
    /// The time of `--pause-after` is over.
    Paused,
    /// `--expand`: the named step would be noticed by an application of before the revision.
    Contract { step: String },
}

impl Halted {
    /// The reason in one word, for documents.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::Paused => "paused",
            Self::Contract { .. } => "contract",
        }
    }
}

/// Asked between two batches or parts.
#[derive(Debug, Default)]
pub struct Stop {
    requested: Cell<bool>,
    deadline: Option<Instant>,
    /// True where the run stops in front of steps that an application of before the revision would notice.
    pub(super) before_contract: bool,
    /// How many parts and batches the run has noted.
    noted: Cell<u64>,
}

impl Stop {
    /// A run that may take `time`; without end where there is none.
    pub fn after(time: Option<Duration>) -> Self {
        Self { deadline: time.map(|time| Instant::now() + time), ..Self::default() }
    }

    /// The same run, held in front of steps that an application of before the revision would notice.
    pub fn hold_contract(self, before_contract: bool) -> Self {
        Self { before_contract, ..self }
    }

    /// Asks the run to stop. True where that is news.
    pub fn request(&self) -> bool {
        !self.requested.replace(true)
    }

    /// The run has come further.
    pub(super) fn note(&self) {
        self.noted.set(self.noted.get() + 1);
    }

    pub(super) fn noted(&self) -> u64 {
        self.noted.get()
    }

    /// Why to stop now, if so.
    pub(super) fn now(&self) -> Option<Halted> {
        if self.requested.get() {
            return Some(Halted::Interrupted);
        }
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline).then_some(Halted::Paused)
    }

    /// Sleeps, but no longer than until somebody asks to stop.
    pub(super) async fn sleep(&self, time: Duration) {
        const LOOK: Duration = Duration::from_millis(50);
        let end = Instant::now() + time;
        while self.now().is_none() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LOOK)).await;
        }
    }
}
